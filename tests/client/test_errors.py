"""What went wrong, told by class, by problem and by nothing else."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import pytest
from scripted_http import Answer, problem, shift

from sekur_sdk import RetryPolicy, models
from sekur_sdk.client import errors
from sekur_sdk.models.problem import FieldError, Problem

ONCE = RetryPolicy(retries=0)
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "contract" / "examples"

STATUSES = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    412: errors.PreconditionFailedError,
    418: errors.APIError,
    422: errors.UnprocessableError,
    428: errors.PreconditionRequiredError,
    429: errors.RateLimitError,
    500: errors.ServerError,
    503: errors.ServerError,
}

PROBLEM = Problem(
    title="Unprocessable", status=422, detail="2 fields", errors=(FieldError(path="$.post", message="too long"),)
)


def every_class(base=errors.SekurError):
    yield base
    for child in base.__subclasses__():
        yield from every_class(child)


def made(error_class):
    if issubclass(error_class, errors.APIError):
        error = error_class(PROBLEM, 422)
    elif error_class is errors.ArgumentError:
        error = error_class("starts_at", "a naive datetime")
    elif error_class is errors.ExportFailedError:
        error = error_class("failed", "no space")
    elif error_class is errors.ResponseDecodeError:
        error = error_class("$.items[0].id", "Expected `str`, got `int`", 200)
    else:
        error = error_class("what happened")
    error.request_id, error.retry_after, error.cursor = "req-1", 2.5, "c2"
    return error


@pytest.mark.parametrize(("status", "error_class"), STATUSES.items())
def test_each_status_has_its_class(make_client, side, server, status, error_class):
    server.answer(problem(status, request_id="req-1", detail="why"))
    with pytest.raises(errors.APIError) as caught:
        side.run(make_client(retries=ONCE).shifts.get("shf_1"))
    error = caught.value
    assert type(error) is error_class
    assert (error.status, error.problem.status, error.request_id) == (status, status, "req-1")
    assert str(error) == f"{status} Refused: why (request req-1)"


def test_a_stale_version_tells_the_servers(client, side, server):
    server.answer(problem(412, current_version=7))
    with pytest.raises(errors.PreconditionFailedError) as caught:
        side.run(client.shifts.update("shf_1", version=3, status="published"))
    assert caught.value.current_version == 7


def test_a_forbidden_transition_tells_the_allowed_ones(client, side, server):
    server.answer(problem(409, allowed=["send", "refuse"]))
    with pytest.raises(errors.ConflictError) as caught:
        side.run(client.quotes.convert("quo_1"))
    assert caught.value.allowed == ("send", "refuse")
    assert "; allowed: send, refuse" in str(caught.value)
    assert not caught.value.is_retryable


@pytest.mark.parametrize(
    ("status", "error_class"), [(409, errors.ConflictError), (412, errors.PreconditionFailedError)]
)
def test_a_conflict_shows_the_resource_as_it_is_now(client, side, server, status, error_class):
    server.answer(problem(status, current=shift(1, version=7, notes="Chez Madame Martin"), current_version=7))
    with pytest.raises(errors.ConflictError) as caught:
        side.run(client.shifts.update("shf_1", version=3, status="published"))
    error = caught.value
    assert type(error) is error_class
    assert isinstance(error.current, models.Shift)
    assert (error.current.version, error.current_version) == (7, 7)
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert twin.current == error.current
    assert "Martin" not in str(error) + repr(error) + repr(error.problem)


def test_a_conflict_of_a_quote_that_becomes_an_invoice_shows_the_quote(client, side, server):
    quote = json.loads((EXAMPLES / "quote.json").read_text("utf-8"))
    server.answer(problem(409, current=quote))
    with pytest.raises(errors.ConflictError) as caught:
        side.run(client.quotes.convert("quo_1"))
    assert isinstance(caught.value.current, models.Quote)


@pytest.mark.parametrize("members", [{}, {"current": None}, {"current": {"id": 3}}, {"current": "x"}], ids=repr)
def test_a_conflict_without_a_readable_resource_has_none(client, side, server, members):
    server.answer(problem(409, **members))
    with pytest.raises(errors.ConflictError) as caught:
        side.run(client.shifts.update("shf_1", version=3, status="published"))
    assert caught.value.current is None


def test_the_fields_at_fault_are_named(client, side, server):
    server.answer(problem(422, errors=[{"path": "$.post", "message": "too long"}]))
    with pytest.raises(errors.UnprocessableError, match=r"\$\.post: too long") as caught:
        side.run(client.shifts.get("shf_1"))
    assert caught.value.problem.errors == (FieldError(path="$.post", message="too long"),)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(
            status=502, body=b"<html>Bad gateway for alice@example.fr</html>", headers={"Content-Type": "text/html"}
        ),
        Answer(status=502, body=b"{not json", headers={"Content-Type": "application/problem+json"}),
        Answer(status=502),
    ],
    ids=["a page", "a broken problem", "nothing"],
)
def test_an_error_without_a_problem_is_told_by_its_status_and_shows_no_body(make_client, side, server, answer):
    server.answer(answer)
    with pytest.raises(errors.ServerError, match="502 Bad Gateway") as caught:
        side.run(make_client(retries=ONCE).shifts.get("shf_1", request_id="mine"))
    assert "alice" not in str(caught.value) + repr(caught.value)
    assert caught.value.request_id == "mine"


def test_a_page_instead_of_json_is_an_error_that_names_the_path(client, side, server):
    server.answer(Answer(body=b"<html>login</html>", headers={"Content-Type": "text/html"}))
    with pytest.raises(errors.ResponseDecodeError) as caught:
        side.run(client.shifts.get("shf_1"))
    assert caught.value.path == "$"


def test_a_redirect_is_not_followed_with_the_token(client, side, server):
    server.answer(Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}))
    with pytest.raises(errors.APIError, match="302 Found"):
        side.run(client.shifts.get("shf_1"))
    assert len(server.received) == 1


@pytest.mark.parametrize("error_class", sorted(every_class(), key=lambda found: found.__name__))
@pytest.mark.parametrize(
    "copied",
    [*[lambda e, p=p: pickle.loads(pickle.dumps(e, p)) for p in range(2, 6)], copy.copy, copy.deepcopy],
)
def test_every_error_survives_pickle_and_copy(error_class, copied):
    error = made(error_class)
    twin = copied(error)
    assert type(twin) is error_class
    assert str(twin) == str(error)
    assert vars(twin) == vars(error)
    assert (twin.request_id, twin.retry_after, twin.cursor) == ("req-1", 2.5, "c2")


def test_every_error_has_the_one_base_and_stands_in_the_public_face():
    import sekur_sdk

    for error_class in every_class():
        assert getattr(sekur_sdk, error_class.__name__) is error_class


def test_an_error_of_the_network_holds_no_object_of_the_http_library_and_no_token(make_client, side, server):
    server.answer(Answer(drop=True))
    with pytest.raises(errors.ConnectionLostError) as caught:
        side.run(make_client(retries=ONCE).shifts.list(employee_id="emp_7").page())
    seen, queue = [], [caught.value]
    while queue:
        error = queue.pop()
        seen.append(error)
        queue += [found for found in (error.__cause__, error.__context__) if found is not None]
    assert all(isinstance(error, errors.SekurError) for error in seen)
    assert "t0ken" not in repr(seen)
    assert "emp_7" not in "".join(map(str, seen))
    assert str(caught.value).endswith("GET " + server.url + "/api/v1/shifts")
