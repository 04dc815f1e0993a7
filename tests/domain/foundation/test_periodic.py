"""Work that comes round: on time, one worker at a time, taken back from the dead, tried again later and later."""

import threading
from datetime import timedelta

import pytest

from tests.build import NOW
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.models import PeriodicWork
from zhiyuan.domain.foundation.periodic import (
    LONGEST_PAUSE,
    SHORTEST_LEASE,
    Periodic,
    all_work,
    run_next,
    run_now,
    schedule,
    standings,
)

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


class Job:
    """Work that counts how often it was done, and does what the test wants beside that."""

    def __init__(self, name="sweep", every=10 * MINUTE, meanwhile=lambda: 7):
        self.times, self.meanwhile = 0, meanwhile
        self.work = Periodic(name, name, every, self)

    def __call__(self, at):
        self.times += 1
        return self.meanwhile()

    @property
    def row(self):
        return PeriodicWork.objects.get(pk=self.work.name)


def fail():
    raise ZeroDivisionError


def dies():
    raise KeyboardInterrupt


def test_new_work_is_done_at_once_and_then_when_its_time_has_passed():
    job = Job()

    assert run_next([job.work], at=NOW)
    assert not run_next([job.work], at=NOW + 10 * MINUTE - SECOND)
    assert run_next([job.work], at=NOW + 10 * MINUTE)

    assert job.times == 2


def test_what_came_of_it_is_kept():
    job = Job()

    run_next([job.work], at=NOW)

    row = job.row
    assert (row.last_ok_at, row.last_result, row.due_at, row.tries) == (NOW, 7, NOW + 10 * MINUTE, 0)
    assert (row.leased_by, row.lease_until, row.last_error) == ("", None, "")
    assert 0 <= row.last_seconds < 5


def test_what_has_been_due_the_longest_comes_first():
    first, second = Job("first"), Job("second")
    schedule([first.work], at=NOW - MINUTE)
    schedule([second.work], at=NOW)

    assert run_next([second.work, first.work], at=NOW)

    assert (first.times, second.times) == (1, 0)


def test_failing_work_is_tried_again_later_and_later_and_its_errors_words_stand_nowhere():
    job, at, pauses = Job(every=timedelta(days=1), meanwhile=fail), NOW, []

    for _ in range(8):
        assert run_next([job.work], at=at)
        assert not run_next([job.work], at=job.row.due_at - SECOND)
        pauses.append((job.row.due_at - at) // MINUTE)
        at = job.row.due_at

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert LONGEST_PAUSE == 60 * MINUTE
    assert (job.row.tries, job.row.last_error, job.row.last_ok_at) == (8, "ZeroDivisionError", None)


def test_work_that_succeeds_after_failures_is_on_time_again():
    job = Job(meanwhile=fail)
    run_next([job.work], at=NOW)
    job.meanwhile = lambda: 1

    assert run_next([job.work], at=NOW + MINUTE)

    row = job.row
    assert (row.tries, row.last_error, row.due_at) == (0, "", NOW + 11 * MINUTE)


def test_one_that_fails_holds_up_no_other():
    broken, sound = Job("broken", meanwhile=fail), Job("sound")

    while run_next([broken.work, sound.work], at=NOW):
        pass

    assert (broken.times, sound.times) == (1, 1)


def test_a_dead_workers_work_is_taken_back_when_its_lease_has_run_out():
    job = Job(meanwhile=dies)
    with pytest.raises(KeyboardInterrupt):
        run_next([job.work], at=NOW)
    job.meanwhile = lambda: 1

    assert not run_next([job.work], at=NOW + SHORTEST_LEASE - SECOND)
    assert run_next([job.work], at=NOW + SHORTEST_LEASE)
    assert job.row.last_result == 1


def test_work_that_takes_long_has_a_longer_lease():
    job = Job(meanwhile=dies)
    schedule([job.work], at=NOW)
    PeriodicWork.objects.update(last_seconds=100)

    with pytest.raises(KeyboardInterrupt):
        run_next([job.work], at=NOW)

    assert job.row.lease_until == NOW + 500 * SECOND


def test_the_outcome_of_a_lost_lease_is_not_written(caplog):
    def slower_than_its_lease():
        later = NOW + SHORTEST_LEASE
        job.meanwhile = lambda: 2
        assert run_next([job.work], at=later)
        return 1

    job = Job(meanwhile=slower_than_its_lease)

    run_next([job.work], at=NOW)

    assert (job.times, job.row.last_result, job.row.last_ok_at) == (2, 2, NOW + SHORTEST_LEASE)
    assert [record.getMessage() for record in caplog.records] == ["periodic work took longer than its lease"]


def test_a_failure_after_a_lost_lease_spoils_nothing():
    def slower_than_its_lease():
        job.meanwhile = lambda: 2
        run_next([job.work], at=NOW + SHORTEST_LEASE)
        fail()

    job = Job(meanwhile=slower_than_its_lease)

    run_next([job.work], at=NOW)

    assert (job.row.tries, job.row.last_error, job.row.last_result) == (0, "", 2)


def test_work_due_beyond_all_measure_is_of_a_clock_that_was_put_back():
    job = Job(every=MINUTE)
    run_next([job.work], at=NOW + timedelta(days=30))

    assert run_next([job.work], at=NOW)

    assert job.row.due_at == NOW + MINUTE


def test_a_changed_interval_is_taken_over_and_the_place_on_the_schedule_kept():
    job = Job(every=10 * MINUTE)
    run_next([job.work], at=NOW)

    schedule([Periodic("sweep", "sweep", MINUTE, job)], at=NOW)

    assert (job.row.every_seconds, job.row.due_at) == (60, NOW + 10 * MINUTE)


def test_work_is_done_before_its_time_by_hand_unless_a_worker_has_it():
    job = Job()
    run_next([job.work], at=NOW)

    assert run_now(job.work, at=NOW + MINUTE)
    PeriodicWork.objects.update(lease_until=NOW + 3 * MINUTE, leased_by="another")
    assert not run_now(job.work, at=NOW + 2 * MINUTE)

    assert job.times == 2


@pytest.mark.django_db(transaction=True)
def test_workers_who_look_at_once_never_do_the_same_work():
    lock, inside, most = threading.Lock(), 0, 0
    all_looked = threading.Barrier(4, timeout=20)

    def busy():
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        all_looked.wait()  # until the three others have found it taken
        with lock:
            inside -= 1
        return 1

    job = Job(meanwhile=busy)
    schedule([job.work], at=NOW)

    def worker():
        did = run_next([job.work], at=NOW)
        if not did:
            all_looked.wait()
        return did

    assert sorted(map(str, race([worker] * 4))) == ["False", "False", "False", "True"]
    assert (job.times, most) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_workers_share_what_is_due():
    jobs = [Job(f"job{n}") for n in range(8)]
    works = [job.work for job in jobs]
    schedule(works, at=NOW)

    def worker():
        done = 0
        while run_next(works, at=NOW):
            done += 1
        return done

    done = race([worker] * 4)

    assert sum(done) == 8
    assert [job.times for job in jobs] == [1] * 8


@pytest.mark.parametrize(
    ("after", "late"), [(110 * MINUTE, False), (110 * MINUTE + SECOND, True)], ids=["ten intervals over", "more"]
)
def test_work_that_nobody_does_is_late_after_ten_intervals(settings, after, late):
    job = Job(every=10 * MINUTE)
    settings.PERIODIC_WORK = "tests.domain.foundation.test_periodic.LISTED"
    LISTED[:] = [job.work]
    schedule([job.work], at=NOW)

    [standing] = standings(at=NOW + after)

    assert (standing.late, standing.fails, standing.in_hand) == (late, False, False)


def test_work_that_only_fails_is_late_too(settings):
    job = Job(every=MINUTE, meanwhile=fail)
    settings.PERIODIC_WORK = "tests.domain.foundation.test_periodic.LISTED"
    LISTED[:] = [job.work]
    run_next([job.work], at=NOW)
    run_next([job.work], at=NOW + 12 * MINUTE)

    [standing] = standings(at=NOW + 12 * MINUTE)

    assert (standing.late, standing.fails) == (True, True)


LISTED: list[Periodic] = []


def test_all_listed_work_has_a_name_of_its_own_and_runs_twice():
    assert len({work.name for work in all_work()}) == len(all_work())

    while run_next(all_work(), at=NOW):
        pass
    while run_next(all_work(), at=NOW + timedelta(days=1)):
        pass

    assert [(standing.fails, standing.row.last_result) for standing in standings(at=NOW)] == [(False, 0)] * len(
        all_work()
    )
