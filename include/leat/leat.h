#pragma once
// Leat as a library: event-time streaming inside your own program, with the guarantees of `leat run`.
//
//   using namespace leat;
//   using namespace std::chrono_literals;
//
//   struct View { std::string page_id; Timestamp event_time; int32_t seconds; };
//   LEAT_FIELDS(View, page_id, event_time, seconds)
//   struct Hourly { Timestamp window_start, window_end; std::string page_id; int64_t count; };
//   LEAT_FIELDS(Hourly, window_start, window_end, page_id, count)
//
//   int main() {
//     Program program("page-views");
//     program.files<View>("views", {.path = "views/", .format = "json"})
//         .with_watermark("event_time", 10min)
//         .filter([](const View& view) { return view.seconds >= 5; })
//         .group_by(window("event_time", 1h), col("page_id"))
//         .count()
//         .as<Hourly>()
//         .for_each([](const Hourly& hour) { std::cout << hour.page_id << ' ' << hour.count << '\n'; });
//     RunResult result = program.run();
//     if (!result.ok()) std::cerr << result.error << '\n';
//     return result.exit_code();
//   }
//
// The concepts are few: a Program has tables; a Stream is rows of a table or made of another stream; an Expression is
// over columns, a lambda over structs. It says what SQL says and means the same: both make one logical plan, and each
// can read what the other defined.
//
// Errors: nothing here throws. A mistake in the program is kept until run() or explain(), so that building one needs no
// checks in between; operating errors are in run()'s result. A bad row is neither: it becomes a dead letter and the job
// goes on. (std::bad_alloc passes through, as everywhere.)
//
// Threads: a Program and its streams belong to one thread; user functions run on the thread that called run().
#include "leat/expression.h"
#include "leat/program.h"
#include "leat/row.h"
#include "leat/stream.h"
#include "leat/window.h"
