// Looks at what stage 0 needs, and ends with 4 where it may not start.
#include <cstdio>
#include <headway/hooks.hpp>

int main() {
  auto hooks = headway::HookRegistry::empty();
  for (const headway::HookOptions& hook :
       {headway::HookOptions{.tool = "sh"},
        headway::HookOptions{.env = "PATH"},
        headway::HookOptions{.disk_bytes = 1 << 20},
        headway::HookOptions{.run = {"true"}},
        headway::HookOptions{.file = "no-such-file", .is_warning = true}}) {
    if (const auto added = hooks.add(0, hook); !added) {
      std::fprintf(stderr, "%s\n", added.error().message.c_str());
      return 2;
    }
  }
  const auto results = hooks.check(0);
  for (const headway::HookResult& result : results) {
    const char* verdict = result.passed ? "pass" : result.is_warning ? "warn" : "FAIL";
    std::printf("%s %s: %s\n", verdict, result.hook.c_str(), result.found.c_str());
    if (!result.hint.empty()) {
      std::printf("     %s\n", result.hint.c_str());
    }
  }
  return headway::may_start(results) ? 0 : 4;
}
