// A job whose user functions crash, for poison_test.py.
//
//   poison_job SCENARIO DIRECTORY    crashes | transient | killed | aggregate
//
// Prints the ledger and the dead letters as JSON lines when it gets to the end.
#include <leat/leat.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

using namespace leat;
using namespace std::chrono_literals;

namespace {

struct Number {
  int64_t id = 0;
  Timestamp event_time;
};
LEAT_FIELDS(Number, id, event_time)

struct Half {
  int64_t id = 0;
  std::string half;
};
LEAT_FIELDS(Half, id, half)

struct Total {
  Timestamp window_start;
  int64_t count = 0;
};
LEAT_FIELDS(Total, window_start, count)

constexpr int64_t kNumbers = 20000;

std::vector<Number> numbers() {
  std::vector<Number> out;
  for (int64_t id = 0; id < kNumbers; ++id) out.push_back({id, Timestamp(id * 1s)});
  return out;
}

// Not inlined, and not static: their names are in the stack.
__attribute__((noinline)) void read_through_null(const volatile int* nothing) {
  std::cout << *nothing;
}
__attribute__((noinline)) void give_up() noexcept {
  std::vector<int>().at(5);  // Nobody catches what it throws.
}
__attribute__((noinline)) int run_out_of_stack(int depth) {
  volatile char frame[4096] = {};
  frame[0] = 1;
  // Its end is not in sight, but the compiler does not know.
  return depth < 0 ? 0 : run_out_of_stack(depth + 1) + frame[0];
}

Number dangerous(const Number& number) {
  switch (number.id) {
    case 137:
      read_through_null(nullptr);
      break;
    case 5000:
      std::abort();
    case 5001:  // Beside the one before it, in one batch and one checkpoint.
      give_up();
      break;
    case 12000:
      run_out_of_stack(0);
      break;
    case 15000:
      std::exit(0);
    case 15001:
      throw std::out_of_range("this one is caught");
    default:
      break;
  }
  return number;
}

std::vector<Half> halves(const Number& number) {
  if (number.id == 17000) std::abort();
  return {{number.id, "left"}, {number.id, "right"}};
}

// One of two rows that were made of the same record.
bool not_the_right_one(const Half& half) {
  if (half.id == 9000 && half.half == "right") read_through_null(nullptr);
  return true;
}

// How many processes were here before, counted in a file.
int deaths_before(const std::string& directory) {
  std::string path = directory + "/deaths";
  FILE* file = std::fopen(path.c_str(), "a+");
  std::fputc('.', file);
  std::fseek(file, 0, SEEK_END);
  auto size = static_cast<int>(std::ftell(file));
  std::fclose(file);
  return size - 1;
}

void define_output(Program& program, const std::string& columns, const std::string& directory) {
  program.sql("CREATE TABLE out (" + columns + ") WITH ('connector' = 'filesystem', 'format' = 'json', 'path' = '" +
              directory + "/out')");
}

void build(Program& program, const std::string& scenario, const std::string& directory) {
  TypedStream<Number> input = program.rows("numbers", numbers());
  if (scenario == "crashes") {
    define_output(program, "id BIGINT, half STRING", directory);
    input.map(dangerous).flat_map(halves).filter(not_the_right_one).insert_into("out");
  } else if (scenario == "transient") {
    define_output(program, "id BIGINT, event_time TIMESTAMP(3)", directory);
    input
        .filter([directory](const Number& number) {
          if (number.id == 500 && deaths_before(directory) < 2) std::abort();
          return true;
        })
        .insert_into("out");
  } else if (scenario == "killed") {
    define_output(program, "id BIGINT, event_time TIMESTAMP(3)", directory);
    input
        .filter([directory](const Number& number) {
          if (number.id == 500 && deaths_before(directory) < 5) kill(getpid(), SIGKILL);
          return true;
        })
        .insert_into("out");
  } else {  // Rows that no source read.
    define_output(program, "window_start TIMESTAMP(3), n BIGINT", directory);
    input.with_watermark("event_time", 0s)
        .group_by(window("event_time", 10min))
        .count()
        .as<Total>()
        .filter([](const Total& total) {
          if (total.window_start == Timestamp(1h)) std::abort();
          return true;
        })
        .insert_into("out");
  }
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void print(const LostRow& lost) {
  std::cout << R"({"class":)" << quoted(lost.letter_class) << R"(,"reason":)" << quoted(lost.reason) << R"(,"crashes":)"
            << lost.crashes << R"(,"exception":)" << quoted(lost.exception) << R"(,"value":)" << quoted(lost.value)
            << R"(,"operator":)" << quoted(lost.operator_name) << R"(,"stack":)" << quoted(lost.stack) << "}\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::string directory = argv[2];
  Program program("poison");
  build(program, argv[1], directory);
  RunOptions options{.data_directory = directory + "/data", .settings = {{"execution.checkpointing.interval", "5 ms"}}};
  RunResult result = program.run(options);
  const Report& report = result.report;
  std::cout << R"({"rows_in":)" << report.rows_in << R"(,"rows_out":)" << report.rows_out << R"(,"filtered":)"
            << report.filtered << R"(,"dead":)" << report.dead << R"(,"balanced":)"
            << (report.balanced ? "true" : "false") << "}\n";
  std::string error = program.dead_letters(options.data_directory, [](const LostRow& lost) {
    print(lost);
    return true;
  });
  std::cerr << result.error << error;
  // exit(0) of a user's function is no success: the test knows the end by what was printed.
  return result.ok() && error.empty() ? 0 : 1;
}
