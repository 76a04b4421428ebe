/*
 * svg_style.c - type, colours and patterns.
 *
 * The level is told by the kind of pattern, the client by its colour, its
 * letter and the pattern's direction, so that nothing is lost in grey.
 */
#include "picture.h"

static const char *const colours[] = {
    "#0067a3", "#b86a00", "#00795c", "#8f3f86", "#6b4a2b", "#00808f"};
static const int angles[] = {45, -45, 20, -20, 75, -75};

enum { CLIENTS = sizeof colours / sizeof colours[0] };

const char *client_colour(const struct model *model, struct who who)
{
    const struct identity *identity = identity_of(model, who);
    if (identity == NULL || identity->who.pid == 0)
        return "#555";
    return colours[identity->client % CLIENTS];
}

void add_fill(struct text *out, const struct model *model, struct who who)
{
    const struct identity *identity = identity_of(model, who);
    size_t client = identity == NULL || identity->who.pid == 0
                        ? CLIENTS
                        : identity->client % CLIENTS;
    text_add(out, "url(#p%zu-%d)", client, (int)who.level);
}

/* What is drawn in one tile of 8 by 8. */
static const char *tile(enum level level)
{
    switch (level) {
    case LEVEL_SELF:
        return "";
    case LEVEL_ANONYMOUS:
        return "<circle cx=\"4\" cy=\"4\" r=\"2.3\" stroke-width=\"1\"/>";
    case LEVEL_IDENTIFICATION:
        return "<path d=\"M2 2h.01M6 6h.01\" stroke-width=\"2.6\" "
               "stroke-linecap=\"round\"/>";
    case LEVEL_IMPERSONATION:
        return "<path d=\"M0 4h8\" stroke-width=\"2.6\"/>";
    case LEVEL_DELEGATION:
        return "<path d=\"M0 4h8M4 0v8\" stroke-width=\"2\"/>";
    }
    return "";
}

static void add_patterns(struct text *out, size_t client)
{
    const char *colour = client < CLIENTS ? colours[client] : "#555";
    int angle = client < CLIENTS ? angles[client] : 45;
    for (int level = LEVEL_ANONYMOUS; level <= LEVEL_DELEGATION; level++)
        text_add(out,
                 "<pattern id=\"p%zu-%d\" width=\"8\" height=\"8\" "
                 "patternUnits=\"userSpaceOnUse\" "
                 "patternTransform=\"rotate(%d)\">"
                 "<rect width=\"8\" height=\"8\" fill=\"#fff\"/>"
                 "<rect width=\"8\" height=\"8\" fill=\"%s\" "
                 "fill-opacity=\".12\"/>"
                 "<g stroke=\"%s\" fill=\"none\">%s</g></pattern>\n",
                 client,
                 level,
                 angle,
                 colour,
                 colour,
                 tile((enum level)level));
}

void draw_style(const struct picture *picture)
{
    struct text *out = picture->out;
    text_add(out,
             "<style>\n"
             "text{font:12px 'DejaVu Sans Mono',Menlo,Consolas,'Liberation "
             "Mono',monospace;fill:#111}\n"
             ".title{font-size:18px;font-weight:bold}\n"
             ".bold,.call,.turn,.finding{font-weight:bold}\n"
             ".time,.small{font-size:11px}\n"
             ".time{text-anchor:end;fill:#444}\n"
             ".mid{text-anchor:middle}\n"
             ".failed{fill:#b00010}\n"
             ".later{fill:#444;font-style:italic}\n"
             ".leader{stroke:#aaa;stroke-dasharray:1 4}\n"
             ".turnline{stroke:#000;stroke-width:1.2}\n"
             ".cross{stroke:#b00010;stroke-width:3;fill:none}\n"
             "g.row:hover text{text-decoration:underline}\n"
             "</style>\n<defs>\n"
             "<marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
             "markerWidth=\"8\" markerHeight=\"8\" "
             "markerUnits=\"userSpaceOnUse\" orient=\"auto\">"
             "<path d=\"M0 0L8 4L0 8z\"/></marker>\n");
    bool used[CLIENTS + 1] = {false};
    used[CLIENTS] = true; /* the legend's levels are drawn in grey */
    for (size_t i = 0; i < picture->model->identity_count; i++)
        used[picture->model->identities[i].client % CLIENTS] = true;
    for (size_t client = 0; client <= CLIENTS; client++)
        if (used[client])
            add_patterns(out, client);
    text_add(out, "</defs>\n");
}
