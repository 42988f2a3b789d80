"""Causal detectors on streams of `SampleBlock`: falls, loss of verticality, stillness. numpy alone."""

from edge_agent.detection.condition import ConditionChange, ConditionKind
from edge_agent.detection.fall import Fall, FallDetector
from edge_agent.detection.fall_model import FallModel
from edge_agent.detection.posture import Posture, PostureConfig
from edge_agent.detection.profiles import Position, Profile, ProfileError, profile_of
from edge_agent.detection.stillness import Stillness, StillnessConfig

__all__ = [
    "ConditionChange",
    "ConditionKind",
    "Fall",
    "FallDetector",
    "FallModel",
    "Position",
    "Posture",
    "PostureConfig",
    "Profile",
    "ProfileError",
    "Stillness",
    "StillnessConfig",
    "profile_of",
]
