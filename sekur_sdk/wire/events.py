"""What the event stream carries: the subject's class follows from the event's type."""

from __future__ import annotations

from sekur_sdk.models.events import SUBJECTS, Event, RawEvent, Subject, UnknownSubject
from sekur_sdk.wire import WireError, decode


def decode_event(data: bytes) -> Event:
    """The event that `data` spells; a type that this release does not know comes with an `UnknownSubject`.

    Raises:
        WireError: not an event; it names the path.
    """
    raw = decode(data, RawEvent)
    return Event(id=raw.id, type=raw.type, at=raw.at, subject=_decode_subject(raw))


def _decode_subject(raw: RawEvent) -> Subject:
    json = bytes(raw.subject)
    subject_type = SUBJECTS.get(raw.type.partition(".")[0])
    if subject_type is None:
        return UnknownSubject(json)
    try:
        return decode(json, subject_type)
    except WireError as error:
        raise WireError("$.subject" + error.path.removeprefix("$"), error.reason) from error
