#pragma once
// Java's properties files, as java.util.Properties.load() reads them.
#include <string>
#include <vector>

namespace leat {

struct Property {
  std::string name, value;
  int line = 0;  // Where it begins, from 1.
};

// In the order of the file. Every text is one: a name without a value has an empty one. \uXXXX becomes UTF-8.
std::vector<Property> parse_properties(const std::string& text);

}  // namespace leat
