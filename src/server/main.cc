#include "server/command.h"

int main(int argc, char** argv) {
  leat::Console console;
  std::vector<std::string> words(argv + 1, argv + argc);
  return leat::run_program(words, console);
}
