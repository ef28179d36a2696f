// The settings, as the help and the documentation show them.
#include "plan/settings.h"
#include "server/help.h"

namespace leat {

std::string settings_help() {
  std::string out = "Settings: SET 'KEY' = 'VALUE' in a script or at the prompt, or --set KEY=VALUE.\n\n";
  for (const SettingInfo& setting : Settings::known()) {
    out += "  " + setting.name + " = '" + setting.default_value + "'\n      " + setting.description + "\n";
  }
  return out;
}

std::string settings_markdown() {
  std::string out = "| setting | default | meaning |\n|---|---|---|\n";
  for (const SettingInfo& setting : Settings::known()) {
    std::string fallback = setting.default_value.empty() ? "" : "`" + setting.default_value + "`";
    out += "| `" + setting.name + "` | " + fallback + " | " + setting.description + " |\n";
  }
  return out;
}

}  // namespace leat
