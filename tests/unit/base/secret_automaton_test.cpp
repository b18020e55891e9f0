// Finding many strings in one pass.
#include "base/secret_automaton.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace headway {
namespace {

// End and length of the longest match at every place, without skipping.
std::vector<std::pair<std::size_t, std::size_t>> matches(const SecretAutomaton& automaton,
                                                         std::string_view text) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  SecretAutomaton::State state = SecretAutomaton::kStart;
  for (std::size_t at = 0; at < text.size(); ++at) {
    state = automaton.next(state, static_cast<unsigned char>(text[at]));
    if (automaton.match_length(state) > 0) {
      found.emplace_back(at + 1, automaton.match_length(state));
    }
  }
  return found;
}

using Matches = std::vector<std::pair<std::size_t, std::size_t>>;

TEST(SecretAutomaton, finds_every_end_of_a_match) {
  EXPECT_EQ(matches(SecretAutomaton({"abcd"}), "xabcdabcd"), (Matches{{5, 4}, {9, 4}}));
}

TEST(SecretAutomaton, the_longest_of_those_with_one_end_counts) {
  EXPECT_EQ(matches(SecretAutomaton({"cdef", "abcdef"}), "abcdef"), (Matches{{6, 6}}));
}

TEST(SecretAutomaton, finds_a_match_inside_the_start_of_a_longer_one) {
  EXPECT_EQ(matches(SecretAutomaton({"bcde", "abcdefgh"}), "abcdefgX"), (Matches{{5, 4}}));
}

TEST(SecretAutomaton, falls_back_without_reading_again) {
  EXPECT_EQ(matches(SecretAutomaton({"aaab"}), "aaaaaab"), (Matches{{7, 4}}));
}

TEST(SecretAutomaton, depth_is_what_may_still_match) {
  const SecretAutomaton automaton({"abcd"});
  auto state = automaton.next(SecretAutomaton::kStart, 'a');
  state = automaton.next(state, 'b');
  EXPECT_EQ(automaton.depth(state), 2U);
  EXPECT_EQ(automaton.depth(automaton.next(state, 'a')), 1U);
  EXPECT_EQ(automaton.depth(automaton.next(state, 'x')), 0U);
}

TEST(SecretAutomaton, bytes_above_127_are_found) {
  EXPECT_EQ(matches(SecretAutomaton({"\xFF\xFE\x80\x81"}), "z\xFF\xFE\x80\x81"), (Matches{{5, 4}}));
}

TEST(SecretAutomaton, skip_stops_at_a_possible_start_or_near_the_end) {
  const SecretAutomaton automaton({"abcdef"});
  EXPECT_EQ(automaton.skip("0123456789abcdef", 0), 10U);
  EXPECT_EQ(automaton.skip("0123456789", 0), 7U);
  EXPECT_EQ(automaton.skip("0123456789", 9), 9U);
  EXPECT_EQ(automaton.skip("abc", 1), 1U);
}

}  // namespace
}  // namespace headway
