#include <tenure/core/names.hpp>

#include <array>

#include "support/faults.hpp"

namespace tenure {
namespace {

enum class Colour { red, green };
constexpr std::array<Named<Colour>, 2> colours{{{"red", Colour::red}, {"green", Colour::green}}};

Colour parse(std::string_view name) { return parse_named<Colour>(colours, name, "colour", "E_COLOUR"); }

TEST(EditDistance, CountsInsertionsDeletionsAndChanges) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("abc", "abc"), 0U);
}

TEST(ParseNamed, FindsTheValue) {
  EXPECT_EQ(parse("green"), Colour::green);
  EXPECT_EQ(find_name<Colour>(colours, Colour::red), "red");
}

TEST(ParseNamed, NamesTheNearestAndAllKnown) {
  EXPECT_FAULT(parse("greem"), OptionError, "E_COLOUR", "colour='greem' is not known; did you mean 'green'?");
  EXPECT_FAULT(parse("Red"), OptionError, "E_COLOUR", "did you mean 'red'?\n  Known: red, green.");
  EXPECT_FAULT(parse(std::string(500, 'x')), OptionError, "E_COLOUR", std::string(80, 'x') + "...'");
}

}  // namespace
}  // namespace tenure
