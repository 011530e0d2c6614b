#include <tenure/core/parallel.hpp>

#include <atomic>
#include <numeric>
#include <stdexcept>

#include "support/faults.hpp"

namespace tenure {
namespace {

TEST(ParallelFor, DoesEveryTaskOnceWhateverTheNumberOfThreads) {
  for (int threads = 1; threads <= 8; ++threads) {
    std::vector<std::atomic<int>> done(1000);
    std::atomic<bool> known_worker{true};
    parallel_for({.threads = threads}, done.size(), [&](std::size_t task, int worker) {
      ++done[task];
      if (worker < 0 || worker >= threads) known_worker = false;
    });
    for (const auto& count : done) ASSERT_EQ(count, 1);
    EXPECT_TRUE(known_worker);
  }
}

TEST(ParallelFor, NothingToDoIsDone) {
  parallel_for({.threads = 4}, 0, [](std::size_t, int) { FAIL(); });
}

TEST(WorkerCount, IsNeverMoreThanTheTasksAndNeverLessThanOne) {
  EXPECT_EQ(worker_count({.threads = 8}, 3), 3);
  EXPECT_EQ(worker_count({.threads = 8}, 0), 1);
  EXPECT_EQ(worker_count({.threads = 2}, 100), 2);
  EXPECT_GE(worker_count({}, 100), 1);
  EXPECT_LE(worker_count({.threads = 1'000'000}, 1'000'000), 256);
}

TEST(ParallelFor, ThrowsWhatATaskThrowsAndStopsTheRest) {
  for (int threads : {1, 4}) {
    std::atomic<int> done{0};
    const auto run = [&] {
      parallel_for({.threads = threads}, 100'000, [&](std::size_t task, int) {
        if (task == 10) throw std::runtime_error("task 10");
        ++done;
      });
    };
    EXPECT_THROW(run(), std::runtime_error);
    EXPECT_LT(done, 100'000);
  }
}

TEST(ParallelFor, StopsWhenAsked) {
  std::stop_source source;
  std::atomic<int> done{0};
  const auto run = [&] {
    parallel_for({.threads = 3, .stop = source.get_token()}, 100'000, [&](std::size_t task, int) {
      if (task == 5) source.request_stop();
      ++done;
    });
  };
  EXPECT_FAULT(run(), Interrupted, "E_INTERRUPTED", "stopped as the caller asked");
  EXPECT_LT(done, 100'000);
}

TEST(ParallelFor, PollsOnTheCallingThreadAndPassesOnWhatItThrows) {
  const auto caller = std::this_thread::get_id();
  for (int threads : {1, 3}) {
    const auto run = [&] {
      Execution execution{.threads = threads};
      execution.poll = [&] {
        EXPECT_EQ(std::this_thread::get_id(), caller);
        throw std::invalid_argument("stop");
      };
      parallel_for(execution, 1000,
                   [](std::size_t, int) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
    };
    EXPECT_THROW(run(), std::invalid_argument);
  }
}

TEST(ParallelFor, StillPollsWhileOnlyOtherThreadsWork) {
  std::atomic<int> polls{0};
  std::atomic<bool> slow_started{false};
  Execution execution{.threads = 2};
  execution.poll = [&] { ++polls; };
  const auto caller = std::this_thread::get_id();
  parallel_for(execution, 2, [&](std::size_t, int) {
    if (std::this_thread::get_id() == caller) {
      while (!slow_started) std::this_thread::yield();  // leave the long task to the other thread
      return;
    }
    slow_started = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
  });
  EXPECT_GE(polls, 1);
}

}  // namespace
}  // namespace tenure
