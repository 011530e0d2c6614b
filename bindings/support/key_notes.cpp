#include "key_notes.hpp"

#include <algorithm>
#include <functional>

#include "pybind.hpp"
#include "tenure/core/error.hpp"

namespace tenure::python {

namespace {

struct Folded {
  std::size_t hash;
  std::int32_t code;
};

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool has_letter(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Codes whose labels become equal to another's by `fold`, ascending. Labels of equal hash are compared
/// whole.
std::vector<std::int32_t> alike(const std::vector<std::string>& labels, std::vector<std::int32_t> codes,
                                const std::function<std::string(const std::string&)>& fold) {
  std::vector<Folded> folded;
  folded.reserve(codes.size());
  for (const std::int32_t code : codes)
    folded.push_back({std::hash<std::string>{}(fold(labels[static_cast<std::size_t>(code)])), code});
  std::sort(folded.begin(), folded.end(), [](const Folded& a, const Folded& b) { return a.hash < b.hash; });
  std::vector<std::int32_t> found;
  for (std::size_t i = 1; i < folded.size(); ++i) {
    if (folded[i].hash != folded[i - 1].hash) continue;
    const auto text = [&](std::size_t at) { return fold(labels[static_cast<std::size_t>(folded[at].code)]); };
    if (text(i) == text(i - 1)) found.insert(found.end(), {folded[i - 1].code, folded[i].code});
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

Note note_of(const CodedColumn& ids, const std::vector<std::int32_t>& found, std::string code,
             const std::string& how) {
  Note note{std::move(code), "", static_cast<std::int64_t>(found.size()), {}};
  std::string shown;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 4); ++i)
    shown += (i == 0 ? "'" : ", '") + printable((*ids.labels)[static_cast<std::size_t>(found[i])]) + "'";
  note.message = "ids are compared byte for byte; these differ only by " + how +
                 " and are different customers: " + shown + (found.size() > 4 ? ", ..." : "");
  for (std::size_t row = 0; row < ids.codes.size() && note.rows.size() < FaultList::kept; ++row)
    if (std::binary_search(found.begin(), found.end(), ids.codes[row]))
      note.rows.push_back(static_cast<std::int64_t>(row));
  return note;
}

}  // namespace

std::vector<Note> key_notes(const CodedColumn& ids) {
  const std::vector<std::string>& labels = *ids.labels;
  std::vector<std::int32_t> lettered, foreign;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (has_letter(labels[i])) lettered.push_back(static_cast<std::int32_t>(i));
    if (!is_ascii(labels[i])) foreign.push_back(static_cast<std::int32_t>(i));
  }
  std::vector<Note> notes;
  if (const auto found = alike(labels, std::move(lettered), lower); !found.empty())
    notes.push_back(note_of(ids, found, "N_KEY_CASE", "the case of letters"));
  if (foreign.size() < 2) return notes;
  const py::gil_scoped_acquire lock;
  const py::object normalize = py::module_::import("unicodedata").attr("normalize");
  const auto composed = [&](const std::string& label) { return normalize("NFC", label).cast<std::string>(); };
  if (const auto found = alike(labels, std::move(foreign), composed); !found.empty())
    notes.push_back(note_of(ids, found, "N_KEY_UNICODE", "Unicode normal form"));
  return notes;
}

}  // namespace tenure::python
