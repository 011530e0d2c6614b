"""Ctrl-C ends a call quickly and leaves everything as it was; a process may fork after parallel work."""

import os
import signal
import threading
import time
from collections import deque

import numpy as np
import pytest

import tenure as tn

NAMES = {"customer": "customer", "start": "start", "end": "end", "amount": "amount"}
SOON = 0.1


@pytest.fixture(scope="module")
def rows():
    return tn.sample.bridge_rows(600_000, months=60, seed=2)


def interrupted(call, after):
    """Run `call`, press Ctrl-C `after` seconds later; return how long it went on, None if it had ended."""
    pressed = []

    def press():
        pressed.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after, press)
    timer.start()
    try:
        call()
    except KeyboardInterrupt:
        return time.perf_counter() - pressed[0]
    finally:
        timer.cancel()
        timer.join()
    return None


@pytest.fixture(autouse=True)
def listens():
    """A shell starts what runs in the background deaf to Ctrl-C, and Python leaves it so."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def stopped(call, after):
    """Ctrl-C must land inside the call: try until it does."""
    for _ in range(5):
        try:
            if (delay := interrupted(call, after)) is not None:
                return delay
        except KeyboardInterrupt:
            continue
        after /= 2
    pytest.fail("the call was always over before Ctrl-C")


def test_loading_stops_within_a_tenth_of_a_second(rows):
    delays = [stopped(lambda: tn.Book(rows, **NAMES), after) for after in (0.02, 0.06, 0.1)]
    assert min(delays) < SOON


def test_loading_texts_stops_within_a_tenth_of_a_second(rows):
    ids = np.char.add("c", rows["customer"].astype(str))
    delays = [stopped(lambda: tn.Book({**rows, "customer": ids}, **NAMES), after) for after in (0.05, 0.2)]
    assert min(delays) < SOON


def test_a_query_stops_and_the_book_answers_as_before(rows):
    book = tn.Book(rows, **NAMES)
    before = book.summary("2020-01", "2024-12")
    calls = [
        lambda: book.summary("1950-01", "2090-12"),
        lambda: book.net_retention("1900-01", "2090-12", horizon=1),
    ]
    delays = [stopped(call, 0.02) for call in calls]
    assert min(delays) < SOON
    after = book.summary("2020-01", "2024-12")
    for one, other in zip(before, after, strict=True):
        assert all(
            np.array_equal(np.ma.getdata(one[name]), np.ma.getdata(other[name])) for name in one.columns
        )


def test_an_exception_of_a_signal_handler_comes_through(rows):
    class AlarmError(Exception):
        pass

    def handler(number, frame):
        raise AlarmError

    previous = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.03)
        with pytest.raises(AlarmError):
            deque(tn.Book(rows, **NAMES) for _ in range(100))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def test_a_fork_after_parallel_work_can_work_too(rows):
    book = tn.Book(rows, **NAMES, threads=2)
    expected = book.waterfall("2020-01", "2024-12")["closing"].tobytes()
    child = os.fork()
    if child == 0:
        same = book.waterfall("2020-01", "2024-12")["closing"].tobytes() == expected
        again = (
            tn.Book(rows, **NAMES, threads=2).waterfall("2020-01", "2024-12")["closing"].tobytes() == expected
        )
        os._exit(0 if same and again else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_other_threads_run_while_rows_are_read(rows):
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    worker = threading.Thread(target=tick)
    worker.start()
    begin = time.perf_counter()
    tn.Book(rows, **NAMES).summary("2020-01", "2024-12")
    end = time.perf_counter()
    done.set()
    worker.join()
    inside = [begin, *(moment for moment in ticks if begin < moment < end), end]
    assert len(inside) > 10


def test_a_book_is_asked_from_several_threads_at_once(rows):
    book = tn.Book(rows, **NAMES, threads=2)
    expected = book.waterfall("2020-01", "2024-12")["closing"].tobytes()
    found = []
    workers = [
        threading.Thread(
            target=lambda: found.append(book.waterfall("2020-01", "2024-12")["closing"].tobytes())
        )
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [expected] * 4
