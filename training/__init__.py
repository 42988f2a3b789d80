"""Trains the fall detector's forests and tells how good they are: ``python -m training``.

Everything that decides is the agent's own code: resampling, impacts and features come from `edge_agent.detection`, so that what is
trained is what runs. scikit-learn grows the trees; the agent evaluates them with numpy alone.
"""
