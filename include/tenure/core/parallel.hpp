#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "error.hpp"

/// Work split over threads. Threads live for one call and are joined before it returns, so that a process may
/// fork between calls. No result depends on how many there are.
namespace tenure {

struct Execution {
  int threads = 0;            ///< 0: as many as the machine runs at once
  std::stop_token stop = {};  ///< ends the call with Interrupted
  std::function<void()> poll =
      {};  ///< run by the calling thread every few milliseconds; what it throws ends the call
};

/// For loops over rows on the calling thread: listens for the signal to stop now and then.
inline void listen(const Execution& execution, std::size_t row) {
  if (row % 65536 != 65535) return;
  if (execution.poll) execution.poll();
  if (execution.stop.stop_requested())
    throw Interrupted({.code = "E_INTERRUPTED", .what = "stopped as the caller asked"});
}

inline int worker_count(const Execution& execution, std::size_t tasks) {
  const int available =
      execution.threads > 0 ? execution.threads : static_cast<int>(std::thread::hardware_concurrency());
  return static_cast<int>(
      std::clamp<std::size_t>(tasks, 1, static_cast<std::size_t>(std::clamp(available, 1, 256))));
}

/// Calls task(index, worker) for each index in [0, tasks), worker in [0, worker_count). The calling thread is
/// worker 0. The first exception stops the rest and is rethrown here.
template <class Task>
void parallel_for(const Execution& execution, std::size_t tasks, Task&& task) {
  using clock = std::chrono::steady_clock;
  const int workers = worker_count(execution, tasks);
  std::atomic<std::size_t> next{0};
  std::atomic<int> working{workers - 1};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  std::mutex guard;
  auto last_poll = clock::now();

  const auto guarded = [&](auto&& work) {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!failure) failure = std::current_exception();
      failed.store(true, std::memory_order_relaxed);
    }
  };
  const auto listen_now = [&] {
    if (!execution.poll || clock::now() - last_poll < std::chrono::milliseconds(10)) return;
    execution.poll();
    last_poll = clock::now();
  };
  const auto run = [&](int worker) {
    while (!failed.load(std::memory_order_relaxed)) {
      const std::size_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= tasks) return;
      task(index, worker);
      if (execution.stop.stop_requested())
        throw Interrupted({.code = "E_INTERRUPTED", .what = "stopped as the caller asked"});
      if (worker == 0) listen_now();
    }
  };

  {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(workers - 1));
    for (int worker = 1; worker < workers; ++worker)
      threads.emplace_back([&, worker] {
        guarded([&] { run(worker); });
        working.fetch_sub(1, std::memory_order_release);
      });
    guarded([&] {
      run(0);
      // While others still work, the calling thread keeps listening for the signal to stop.
      while (execution.poll && working.load(std::memory_order_acquire) > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        listen_now();
      }
    });
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tenure
