/* engine_test_forms.c - small checkers of JSON, XML and TAP. */
#include "engine_test.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- JSON: each function returns where its value ends, or NULL -------------
 */

static const char *spaces(const char *p)
{
    return p + strspn(p, " \t\n\r");
}

static const char *json_string_end(const char *p)
{
    if (*p++ != '"')
        return NULL;
    for (; *p != '"'; p++) {
        if ((unsigned char)*p < 0x20)
            return NULL;
        if (*p != '\\')
            continue;
        p++;
        if (*p == 'u') {
            for (int i = 0; i < 4; i++)
                if (!isxdigit((unsigned char)*++p))
                    return NULL;
        } else if (!*p || !strchr("\"\\/bfnrt", *p)) {
            return NULL;
        }
    }
    return p + 1;
}

static const char *json_end(const char *p);

static const char *json_list_end(const char *p, char close)
{
    p = spaces(p + 1);
    if (*p == close)
        return p + 1;
    for (;; p = spaces(p + 1)) {
        if (close == '}') {
            p = json_string_end(p);
            if (!p || *(p = spaces(p)) != ':')
                return NULL;
            p = spaces(p + 1);
        }
        p = json_end(p);
        if (!p)
            return NULL;
        p = spaces(p);
        if (*p == close)
            return p + 1;
        if (*p != ',')
            return NULL;
    }
}

static const char *json_end(const char *p)
{
    static const char *const words[] = {"true", "false", "null"};
    if (*p == '{' || *p == '[')
        return json_list_end(p, *p == '{' ? '}' : ']');
    if (*p == '"')
        return json_string_end(p);
    for (size_t i = 0; i < 3; i++)
        if (strncmp(p, words[i], strlen(words[i])) == 0)
            return p + strlen(words[i]);
    char *end;
    if (*p != '-' && !isdigit((unsigned char)*p))
        return NULL;
    strtod(p, &end);
    return end;
}

static void expect_utf8(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        int more = *p < 0x80 ? 0 : *p >= 0xF0 ? 3 : *p >= 0xE0 ? 2 : 1;
        bool good = *p < 0x80 || (*p >= 0xC2 && *p <= 0xF4);
        for (p++; good && more > 0; more--, p++)
            good = (*p & 0xC0) == 0x80;
        ck_assert_msg(good, "not UTF-8 before: %.40s", (const char *)p);
    }
}

void expect_json(const char *text)
{
    const char *end = json_end(spaces(text));
    ck_assert_msg(end && !*spaces(end), "not JSON: %s", text);
    expect_utf8(text);
}

const char *json_at(const char *text, const char *path)
{
    static char value[8192];
    const char *p = spaces(text);
    while (*path) {
        size_t name = strcspn(path, ".");
        bool is_object = *p == '{';
        if (!is_object && *p != '[')
            return NULL;
        long index = is_object ? -1 : atol(path);
        p = spaces(p + 1);
        for (;; p = spaces(p + 1)) {
            if (*p == '}' || *p == ']')
                return NULL;
            bool found = index == 0;
            if (is_object) {
                found = strncmp(p + 1, path, name) == 0 && p[1 + name] == '"';
                p = spaces(spaces(json_string_end(p)) + 1);
            }
            if (found)
                break;
            index--;
            p = spaces(json_end(p));
            if (*p != ',')
                return NULL;
        }
        path += name + (path[name] == '.');
    }
    snprintf(value, sizeof(value), "%.*s", (int)(json_end(p) - p), p);
    return value;
}

/* ---- XML --------------------------------------------------------------------
 */

static const char *entity_end(const char *p)
{
    static const char *const known[] = {
        "&amp;", "&lt;", "&gt;", "&quot;", "&#10;"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strncmp(p, known[i], strlen(known[i])) == 0)
            return p + strlen(known[i]);
    ck_abort_msg("not an entity: %.20s", p);
}

/* A start tag's attributes up to its ">"; *empty for "/>". */
static const char *tag_end(const char *p, bool *empty)
{
    for (;;) {
        p = spaces(p);
        *empty = *p == '/';
        if (*p == '>' || *p == '/')
            return strchr(p, '>') + 1;
        p += strcspn(p, "=");
        ck_assert_msg(p[0] == '=' && p[1] == '"', "no attribute: %.20s", p);
        for (p += 2; *p != '"';) {
            ck_assert_msg(*p && *p != '<', "bad attribute: %.20s", p);
            p = *p == '&' ? entity_end(p) : p + 1;
        }
        p++;
    }
}

static void expect_well_formed(const char *p)
{
    char open[16][32];
    int depth = 0, elements = 0;
    while (*p) {
        if (*p == '&') {
            p = entity_end(p);
        } else if (*p != '<') {
            ck_assert_msg((unsigned char)*p >= 0x20 ||
                              isspace((unsigned char)*p),
                          "a control byte in XML");
            ck_assert_msg(depth > 0 || isspace((unsigned char)*p),
                          "text outside");
            p++;
        } else if (p[1] == '/') {
            depth--;
            ck_assert_int_ge(depth, 0);
            size_t name = strlen(open[depth]);
            ck_assert_msg(strncmp(p + 2, open[depth], name) == 0 &&
                              p[2 + name] == '>',
                          "</%s> is missing",
                          open[depth]);
            p += 3 + name;
        } else {
            size_t name = strcspn(p + 1, " />");
            bool empty;
            ck_assert_int_lt(depth, 16);
            snprintf(open[depth], sizeof(open[0]), "%.*s", (int)name, p + 1);
            p = tag_end(p + 1 + name, &empty);
            depth += !empty;
            elements++;
        }
    }
    ck_assert_int_eq(depth, 0);
    ck_assert_int_gt(elements, 0);
}

void expect_xml(const char *path)
{
    char *text = get(path);
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    ck_assert(strncmp(text, head, strlen(head)) == 0);
    expect_utf8(text);
    expect_well_formed(text + strlen(head));
    struct ran lint = sh("command -v xmllint >/dev/null || exit 0;"
                         " xmllint --noout %s",
                         path);
    ck_assert_msg(lint.status == 0, "xmllint: %s", lint.err);
}

/* ---- TAP --------------------------------------------------------------------
 */

void expect_tap(const char *path)
{
    char *text = get(path);
    int planned = -1, seen = 0;
    bool in_block = false;
    expect_utf8(text);
    char *rest;
    char *line = strtok_r(text, "\n", &rest);
    ck_assert_str_eq(line, "TAP version 13");
    while ((line = strtok_r(NULL, "\n", &rest))) {
        int number = -1;
        if (in_block) {
            ck_assert_msg(strncmp(line, "  ", 2) == 0, "in a block: %s", line);
            in_block = strcmp(line, "  ...") != 0;
        } else if (strcmp(line, "  ---") == 0) {
            in_block = true;
        } else if (sscanf(line, "1..%d", &planned) == 1) {
            ck_assert_int_eq(seen, 0);
        } else if (strncmp(line, "Bail out!", 9) != 0) {
            ck_assert_msg(sscanf(line, "ok %d - ", &number) == 1 ||
                              sscanf(line, "not ok %d - ", &number) == 1,
                          "no test line: %s",
                          line);
            ck_assert_int_eq(number, ++seen);
        }
    }
    ck_assert(!in_block);
    ck_assert_int_eq(seen, planned);
    struct ran prove = sh("command -v prove >/dev/null || exit 0;"
                          " prove -e cat %s",
                          path);
    expect_lacks(prove.out, "Parse errors");
    expect_lacks(prove.err, "Parse errors");
}
