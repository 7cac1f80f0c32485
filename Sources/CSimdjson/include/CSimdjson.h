#ifndef C_SIMDJSON_H
#define C_SIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A C face of simdjson: one call checks a whole text and lays it out flat, parents before children.

typedef enum {
  CSIMDJSON_OBJECT = 0,
  CSIMDJSON_ARRAY = 1,
  CSIMDJSON_STRING = 2,
  CSIMDJSON_NUMBER = 3,
  CSIMDJSON_BOOL = 4,
  CSIMDJSON_NULL = 5,
} csimdjson_kind;

typedef struct {
  // The characters of a string with its escapes undone, the digits of a number as written, or the
  // word of a bool. Lies in the parser's own memory. Null for containers.
  const uint8_t *text;
  uint32_t length;
  // Elements of an array, fields of an object. A field is two nodes: its name, then its value.
  uint32_t count;
  // Where the node after this one and all that is in it lies.
  uint32_t next;
  uint8_t kind;
} csimdjson_node;

typedef enum {
  CSIMDJSON_OK = 0,
  CSIMDJSON_MALFORMED = 1,
  CSIMDJSON_TOO_DEEP = 2,
} csimdjson_outcome;

typedef struct {
  csimdjson_outcome outcome;
  // Of the root. Valid until the next parse.
  const csimdjson_node *nodes;
  // Where it went wrong, or -1 when that is not known.
  int64_t error_offset;
  // A constant text.
  const char *error;
} csimdjson_result;

typedef struct csimdjson_parser csimdjson_parser;

// Null without memory.
csimdjson_parser *csimdjson_create(void);
void csimdjson_destroy(csimdjson_parser *parser);

// Copies the text: simdjson reads past its end. Fewer than 2^31 bytes.
csimdjson_result csimdjson_parse(
    csimdjson_parser *parser, const uint8_t *text, size_t length, uint32_t max_depth);

// Gives back what a large text made the parser grow to.
void csimdjson_trim(csimdjson_parser *parser, size_t max_bytes);

#ifdef __cplusplus
}
#endif

#endif
