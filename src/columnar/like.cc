#include "columnar/like.h"

#include "columnar/utf8.h"

namespace leat {

std::optional<LikePattern> LikePattern::parse(BytesView pattern, char escape) {
  LikePattern out;
  out.pieces_.emplace_back();
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    Piece& piece = out.pieces_.back();
    if (c == escape && escape != '\0') {
      if (++i >= pattern.size()) return std::nullopt;
      c = pattern[i];
      if (c != '%' && c != '_' && c != escape) return std::nullopt;
    } else if (c == '%') {
      out.pieces_.emplace_back();
      continue;
    } else if (c == '_') {
      piece.any.resize(piece.text.size());
      piece.any.push_back(true);
    }
    piece.text += c;
  }
  for (Piece& piece : out.pieces_) {
    if (!piece.any.empty()) piece.any.resize(piece.text.size());
  }
  return out;
}

std::optional<size_t> LikePattern::match_at(const Piece& piece, BytesView text) {
  if (piece.any.empty()) {
    if (!text.starts_with(piece.text)) return std::nullopt;
    return piece.text.size();
  }
  size_t at = 0;
  for (size_t i = 0; i < piece.text.size(); ++i) {
    if (at >= text.size()) return std::nullopt;
    if (piece.any[i]) {
      at += next_code_point(text.substr(at)).size;
    } else if (text[at++] != piece.text[i]) {
      return std::nullopt;
    }
  }
  return at;
}

std::optional<size_t> LikePattern::match_anywhere(const Piece& piece, BytesView text) {
  if (piece.any.empty()) {
    const size_t found = text.find(piece.text);
    if (found == BytesView::npos) return std::nullopt;
    return found + piece.text.size();
  }
  for (size_t start = 0; start <= text.size(); ++start) {
    if (start < text.size() && is_continuation(text[start])) continue;
    if (const auto size = match_at(piece, text.substr(start))) return start + *size;
  }
  return std::nullopt;
}

std::optional<size_t> LikePattern::match_at_end(const Piece& piece, BytesView text) {
  if (piece.any.empty()) {
    if (!text.ends_with(piece.text)) return std::nullopt;
    return text.size() - piece.text.size();
  }
  for (size_t start = 0; start <= text.size(); ++start) {
    if (start < text.size() && is_continuation(text[start])) continue;
    const auto size = match_at(piece, text.substr(start));
    if (size && start + *size == text.size()) return start;
  }
  return std::nullopt;
}

bool LikePattern::matches(BytesView text) const {
  const auto first = match_at(pieces_.front(), text);
  if (!first) return false;
  text.remove_prefix(*first);
  if (pieces_.size() == 1) return text.empty();
  for (size_t i = 1; i + 1 < pieces_.size(); ++i) {
    const auto end = match_anywhere(pieces_[i], text);
    if (!end) return false;
    text.remove_prefix(*end);
  }
  return match_at_end(pieces_.back(), text).has_value();
}

std::optional<std::string> similar_to_regex(BytesView pattern, char escape) {
  std::string out = "(?s)^(?:";
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (c == escape && escape != '\0') {
      if (++i >= pattern.size()) return std::nullopt;
      c = pattern[i];
      if (static_cast<uint8_t>(c) < 0x80) out += '\\';
      out += c;
    } else if (in_class) {
      if (pattern.substr(i).starts_with("[:")) {
        const size_t end = pattern.find(":]", i);
        if (end == BytesView::npos) return std::nullopt;
        for (const char letter : pattern.substr(i, end + 2 - i)) {
          out += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
        }
        i = end + 1;
        continue;
      }
      if (c == ']') in_class = false;
      if (c == '\\') out += '\\';
      out += c;
    } else if (c == '%') {
      out += ".*";
    } else if (c == '_') {
      out += '.';
    } else {
      if (c == '.' || c == '^' || c == '$' || c == '\\') out += '\\';
      in_class = c == '[';
      out += c;
    }
  }
  return out + ")$";
}

}  // namespace leat
