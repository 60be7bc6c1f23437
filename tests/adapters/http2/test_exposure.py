from regulars.adapters.http2.exposure import FIRST_STREAMS, MAX_DELAY, Exposure


def test_a_connection_that_had_answered_may_break_without_consequence() -> None:
    exposure = Exposure()
    exposure.broke(1.0, answered=5)
    assert (exposure.first, exposure.open_from, exposure.connections(7)) == (FIRST_STREAMS, 0.0, 7)


def test_connections_that_never_answer_are_tried_one_at_a_time_with_less_and_ever_more_seldom_until_one_does() -> None:
    exposure = Exposure()
    now, delays, firsts = 100.0, [], []
    for _ in range(10):
        exposure.broke(now, answered=0)
        delays.append(exposure.open_from - now)
        firsts.append(exposure.first)
        now = exposure.open_from
    assert delays == sorted(delays)
    assert 0 < delays[0] < 0.1
    assert delays[-1] == MAX_DELAY
    assert firsts == sorted(firsts, reverse=True)
    assert (firsts[0], firsts[-1]) == (FIRST_STREAMS // 4, 1)
    assert exposure.connections(7) == 1
    for _ in range(FIRST_STREAMS):
        exposure.answered()
    assert (exposure.first, exposure.connections(7)) == (FIRST_STREAMS, 7)
    exposure.broke(now, answered=0)
    assert exposure.open_from - now == delays[0]


def test_connections_that_break_together_are_one_break() -> None:
    one, seven = Exposure(), Exposure()
    one.broke(100.0, answered=0)
    for _ in range(7):
        seven.broke(100.0, answered=0)
    assert (one.first, one.open_from) == (seven.first, seven.open_from)
