#include "CSimdjson.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <vector>

using namespace simdjson;

struct csimdjson_parser {
  ondemand::parser parser;
  std::vector<uint8_t> text;
  std::vector<csimdjson_node> nodes;
};

namespace {

constexpr const char *too_deep = "nested too deep";

// Walks one document. Every step returns null, or a constant text that says what is wrong.
class Walk {
 public:
  Walk(std::vector<csimdjson_node> &nodes, uint32_t max_depth)
      : nodes(nodes), max_depth(max_depth) {}

  const char *root(ondemand::document &document, const uint8_t *end) {
    ondemand::json_type type;
    if (auto error = document.type().get(type)) return error_message(error);
    if (type == ondemand::json_type::array || type == ondemand::json_type::object) {
      ondemand::value value;
      if (auto error = document.get_value().get(value)) return error_message(error);
      if (auto error = container(value, type, 1)) return error;
      // The next place to read is out of bounds, or there is more text.
      return document.current_location().error() == OUT_OF_BOUNDS ? nullptr : "text after the end";
    }
    std::string_view token;
    if (auto error = document.raw_json_token().get(token)) return error_message(error);
    if (reinterpret_cast<const uint8_t *>(token.data() + token.size()) != end) {
      return "text after the end";
    }
    if (type == ondemand::json_type::string) {
      std::string_view text;
      if (auto error = document.get_string().get(text)) return error_message(error);
      push(CSIMDJSON_STRING, text);
      return nullptr;
    }
    return scalar(type, token);
  }

 private:
  std::vector<csimdjson_node> &nodes;
  const uint32_t max_depth;

  size_t push(csimdjson_kind kind, std::string_view text) {
    const auto index = nodes.size();
    nodes.push_back({reinterpret_cast<const uint8_t *>(text.data()),
                     static_cast<uint32_t>(text.size()), 0, static_cast<uint32_t>(index + 1),
                     static_cast<uint8_t>(kind)});
    return index;
  }

  const char *value(ondemand::value &value, uint32_t depth) {
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return error_message(error);
    switch (type) {
      case ondemand::json_type::array:
      case ondemand::json_type::object:
        return container(value, type, depth);
      case ondemand::json_type::string:
        return string(value);
      default:
        return scalar(type, value.raw_json_token());
    }
  }

  const char *container(ondemand::value &value, ondemand::json_type type, uint32_t depth) {
    if (depth > max_depth) return too_deep;
    const bool is_array = type == ondemand::json_type::array;
    const auto index = push(is_array ? CSIMDJSON_ARRAY : CSIMDJSON_OBJECT, {});
    uint32_t count = 0;
    if (auto error = is_array ? elements(value, depth, count) : fields(value, depth, count)) {
      return error;
    }
    nodes[index].count = count;
    nodes[index].next = static_cast<uint32_t>(nodes.size());
    return nullptr;
  }

  const char *elements(ondemand::value &value, uint32_t depth, uint32_t &count) {
    ondemand::array array;
    if (auto error = value.get_array().get(array)) return error_message(error);
    for (auto item : array) {
      ondemand::value element;
      if (auto error = std::move(item).get(element)) return error_message(error);
      if (auto error = this->value(element, depth + 1)) return error;
      count++;
    }
    return nullptr;
  }

  const char *fields(ondemand::value &value, uint32_t depth, uint32_t &count) {
    ondemand::object object;
    if (auto error = value.get_object().get(object)) return error_message(error);
    for (auto item : object) {
      ondemand::field field;
      if (auto error = std::move(item).get(field)) return error_message(error);
      if (auto error = key(field)) return error;
      if (auto error = this->value(field.value(), depth + 1)) return error;
      count++;
    }
    return nullptr;
  }

  // Most names hold no escape and stay where they are.
  const char *key(ondemand::field &field) {
    const char *start = field.key().raw();
    const char *end = start;
    while (*end != '"' && *end != '\\') end++;
    if (*end == '"') {
      push(CSIMDJSON_STRING, {start, static_cast<size_t>(end - start)});
      return nullptr;
    }
    std::string_view text;
    if (auto error = field.unescaped_key().get(text)) return error_message(error);
    push(CSIMDJSON_STRING, text);
    return nullptr;
  }

  const char *string(ondemand::value &value) {
    auto token = trimmed(value.raw_json_token());
    if (token.size() < 2 || token.back() != '"') return "unclosed string";
    token = token.substr(1, token.size() - 2);
    if (token.find('\\') == std::string_view::npos) {
      push(CSIMDJSON_STRING, token);
      return nullptr;
    }
    std::string_view text;
    if (auto error = value.get_string().get(text)) return error_message(error);
    push(CSIMDJSON_STRING, text);
    return nullptr;
  }

  const char *scalar(ondemand::json_type type, std::string_view raw) {
    const auto token = trimmed(raw);
    switch (type) {
      case ondemand::json_type::number:
        if (!is_number(token)) return "not a number";
        push(CSIMDJSON_NUMBER, token);
        return nullptr;
      case ondemand::json_type::boolean:
        if (token != "true" && token != "false") return "not a value";
        push(CSIMDJSON_BOOL, token);
        return nullptr;
      default:
        if (token != "null") return "not a value";
        push(CSIMDJSON_NULL, token);
        return nullptr;
    }
  }

  // A token reaches to the next one, blanks included.
  static std::string_view trimmed(std::string_view token) {
    while (!token.empty() && std::strchr(" \t\r\n", token.back())) token.remove_suffix(1);
    return token;
  }

  // RFC 8259, section 6. simdjson would check it, too, but reads on to a double.
  static bool is_number(std::string_view text) {
    size_t at = 0;
    const auto digits = [&] {
      const auto start = at;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9') at++;
      return at - start;
    };
    if (at < text.size() && text[at] == '-') at++;
    const bool starts_with_zero = at < text.size() && text[at] == '0';
    const auto whole = digits();
    if (whole == 0 || (starts_with_zero && whole > 1)) return false;
    if (at < text.size() && text[at] == '.') {
      at++;
      if (digits() == 0) return false;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < text.size() && (text[at] == '-' || text[at] == '+')) at++;
      if (digits() == 0) return false;
    }
    return at == text.size();
  }
};

csimdjson_result failed(const char *error, int64_t offset) {
  return {error == too_deep ? CSIMDJSON_TOO_DEEP : CSIMDJSON_MALFORMED, nullptr, offset, error};
}

}  // namespace

csimdjson_parser *csimdjson_create(void) { return new (std::nothrow) csimdjson_parser; }

void csimdjson_destroy(csimdjson_parser *parser) { delete parser; }

csimdjson_result csimdjson_parse(
    csimdjson_parser *parser, const uint8_t *text, size_t length, uint32_t max_depth) {
  auto &copy = parser->text;
  if (copy.size() < length + SIMDJSON_PADDING) copy.resize(length + SIMDJSON_PADDING);
  if (length > 0) std::memcpy(copy.data(), text, length);
  // Blanks, so that nothing behind the text looks like a part of it.
  std::memset(copy.data() + length, ' ', SIMDJSON_PADDING);
  parser->nodes.clear();

  ondemand::document document;
  const auto error = parser->parser.iterate(copy.data(), length, copy.size()).get(document);
  if (error) return failed(error_message(error), -1);

  const auto end = copy.data() + length;
  Walk walk(parser->nodes, max_depth);
  if (const char *problem = walk.root(document, end)) {
    const char *location = nullptr;
    if (document.current_location().get(location)) return failed(problem, length);
    return failed(problem, reinterpret_cast<const uint8_t *>(location) - copy.data());
  }
  return {CSIMDJSON_OK, parser->nodes.data(), -1, nullptr};
}

void csimdjson_trim(csimdjson_parser *parser, size_t max_bytes) {
  if (parser->text.size() <= max_bytes) return;
  parser->parser = ondemand::parser();
  parser->text = {};
  parser->nodes = {};
}
