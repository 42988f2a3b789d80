"""What the client spends on retries, and what it reads of the server's limits."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_http import SHIFT, json_answer, page, problem, shift

from sekur_sdk import RateLimit, RetryBudget, RetryPolicy
from sekur_sdk.client import errors
from sekur_sdk.client.rate_limit import read_rate_limit

NOW = datetime(2026, 11, 7, 19, tzinfo=UTC).timestamp()


def test_a_budget_bounds_the_retries_of_all_calls_together(make_client, side, server):
    server.answer(problem(503))
    client = make_client(
        retries=RetryPolicy(retries=3, first_pause=0.001, budget=RetryBudget(capacity=4, refill=0.000001))
    )
    for _ in range(3):
        with pytest.raises(errors.ServerError):
            side.run(client.shifts.get("shf_1"))
    assert len(server.received) == 3 + 4


def test_a_budget_is_a_value_that_spending_does_not_change():
    budget = RetryBudget(capacity=2, refill=1)
    once = budget.spend(10.0)
    assert budget == RetryBudget(capacity=2, refill=1)
    assert (once.tokens, once.at) == (1, 10.0)
    assert once.spend(10.0).spend(10.0) is None
    assert once.spend(10.0).spend(11.0).tokens == 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60), st.floats(1, 20), st.floats(0.01, 5))
def test_no_budget_gives_more_than_its_capacity_and_what_came_back(gaps, capacity, refill):
    budget, now, spent = RetryBudget(capacity=capacity, refill=refill), 0.0, 0
    for gap in gaps:
        now += gap
        after = budget.spend(now)
        if after is not None:
            budget, spent = after, spent + 1
    assert spent <= capacity + now * refill + 1e-6


@pytest.mark.parametrize("settings", [{"capacity": 0}, {"refill": -1}, {"capacity": True}])
def test_a_budget_that_is_none_is_told_at_once(settings):
    with pytest.raises(errors.ArgumentError, match=next(iter(settings))):
        RetryBudget(**settings)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({}, None),
        (
            {"ratelimit": '"default";r=50;t=30', "ratelimit-policy": '"default";q=100;w=60'},
            RateLimit(limit=100, remaining=50, reset_s=30.0),
        ),
        (
            {"ratelimit": '"burst";r=2;t=5, "day";r=900;t=3600', "ratelimit-policy": '"burst";q=10;w=5, "day";q=1000;w=86400'},
            RateLimit(limit=10, remaining=2, reset_s=5.0),
        ),
        ({"ratelimit": "limit=10, remaining=4, reset=7"}, RateLimit(limit=10, remaining=4, reset_s=7.0)),
        (
            {"ratelimit-limit": "10, 10;w=1", "ratelimit-remaining": "9", "ratelimit-reset": "1"},
            RateLimit(limit=10, remaining=9, reset_s=1.0),
        ),
        (
            {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 90)},
            RateLimit(limit=60, remaining=0, reset_s=90.0),
        ),
        ({"x-ratelimit-limit": "60", "x-ratelimit-remaining": "59"}, RateLimit(limit=60, remaining=59)),
        ({"ratelimit": "soon", "x-ratelimit-limit": "-3"}, None),
    ],
)  # fmt: skip
def test_a_rate_limit_is_read_in_the_forms_that_servers_use(headers, found):
    assert read_rate_limit(headers, NOW) == found


@given(
    st.dictionaries(
        st.sampled_from(["ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-reset"]), st.text()
    )
)
def test_no_header_breaks_the_reader(headers):
    found = read_rate_limit(headers, NOW)
    assert found is None or found.reset_s is None or found.reset_s >= 0


def test_a_rate_limit_error_tells_the_limit_and_survives_pickle(make_client, side, server):
    server.answer(problem(429, headers={"Retry-After": "7", "X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "0"}))
    with pytest.raises(errors.RateLimitError) as caught:
        side.run(make_client(retries=RetryPolicy(retries=0)).shifts.get("shf_1"))
    twin = pickle.loads(pickle.dumps(caught.value))
    assert (twin.rate_limit, twin.retry_after) == (RateLimit(limit=60, remaining=0), 7.0)


def test_the_raw_answer_of_a_call_is_handed_out_with_its_limit(client, side, server):
    server.answer(
        json_answer(SHIFT | {"new": 1}, X_RateLimit_Limit="60", X_RateLimit_Remaining="59", X_Request_Id="r1")
    )
    seen = []
    found = side.run(client.shifts.get("shf_1", on_response=seen.append))
    [response] = seen
    assert found.id == "shf_1"
    assert b'"new": 1' in response.body
    assert (response.status, response.request_id, response.rate_limit.remaining) == (200, "r1", 59)


def test_the_raw_answer_of_a_refusal_is_handed_out_too(client, side, server):
    server.answer(problem(404, headers={"X-Trace": "7"}))
    seen = []
    with pytest.raises(errors.NotFoundError):
        side.run(client.shifts.get("shf_1", on_response=seen.append))
    assert [(response.status, response.headers["x-trace"]) for response in seen] == [(404, "7")]


def test_the_raw_answers_of_a_list_are_handed_out_page_by_page(client, side, server):
    server.answer(json_answer(page(shift(1), next_cursor="c2")), problem(503), json_answer(page(shift(2))))
    seen = []
    side.collect(client.shifts.list(on_response=seen.append))
    assert [response.status for response in seen] == [200, 200]
