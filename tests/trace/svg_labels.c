/* svg_labels.c - the words right of the lanes, and times left of them. */
#include "picture.h"

#include <string.h>

/* Everything the record says, for whoever holds the pointer over a row. */
static void add_hover(struct text *out, const struct model *model, size_t row)
{
    const struct event *event = &model->flight.events[row];
    const struct lane *lane = &model->lanes[event->lane];
    text_add(out, "<title>");
    text_add_xml(out, event->call);
    text_add(out, " ");
    text_add_xml(out, event->object);
    text_add(out, "\nresult ");
    text_add_xml(out, event->result);
    text_add(out,
             ", error %lu %s\nthread %u of ",
             event->error,
             code_name(event->error),
             (unsigned)event->tid);
    text_add_xml(out, model->processes[lane->process].exe);
    text_add(out,
             " %u, then %s",
             (unsigned)event->pid,
             who_name(model, event->after));
    if (event->after.level != LEVEL_SELF)
        text_add(out, " at %s", level_name(event->after.level));
    text_add(out, "\nfrom %lld to ", (long long)event->start);
    if (event->finished)
        text_add(out, "%lld us", (long long)event->end);
    else
        text_add(out, "?");
    text_add(out, " (line %zu of the record)\n", event->line);
    text_add_xml(out, event->details);
    text_add(out, "</title>");
}

/* A small box that says as whom the call was made. */
static void chip(const struct picture *picture, struct who who, int y)
{
    int x = picture->label_x - CHIP - 2;
    text_add(picture->out,
             "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"15\" "
             "rx=\"3\" fill=\"",
             x,
             y - 8,
             CHIP - 4);
    add_fill(picture->out, picture->model, who);
    text_add(picture->out,
             "\" stroke=\"%s\"/><rect x=\"%d\" y=\"%d\" width=\"14\" "
             "height=\"12\" rx=\"2\" fill=\"#fff\"/><text class=\"mid small "
             "bold\" x=\"%d\" y=\"%d\">%s</text>",
             client_colour(picture->model, who),
             x + 4,
             y - 6,
             x + 11,
             y + 4,
             who_name(picture->model, who));
}

static void label(const struct picture *picture, size_t row)
{
    const struct model *model = picture->model;
    const struct event *event = &model->flight.events[row];
    struct text *out = picture->out;
    int y = picture->y[row];
    bool turn = !same_who(event->before, event->after);
    int64_t since = event->at - model->flight.events[0].at;
    text_add(out, "<g class=\"row\">");
    add_hover(out, model, row);
    text_add(out,
             "<text class=\"time\" x=\"%d\" y=\"%d\">%lld.%03lld</text>",
             picture->lanes_x - 8,
             y + 4,
             (long long)(since / 1000),
             (long long)(since % 1000));
    if (event->before.level != LEVEL_SELF || turn)
        chip(picture,
             event->after.level != LEVEL_SELF ? event->after : event->before,
             y);
    text_add(out,
             "<text class=\"%s\" x=\"%d\" y=\"%d\"><tspan class=\"call\">",
             event_failed(event) ? "failed"
             : turn              ? "turn"
                                 : "plain",
             picture->label_x,
             y + 4);
    text_add_xml(out, event->call);
    text_add(out, "</tspan>");
    struct text rest = {0};
    add_rest(&rest, model, row, "…");
    text_add_xml(out, rest.bytes != NULL ? rest.bytes : "");
    text_add(out, "</text></g>\n");
    free_text(&rest);
}

static void finding(const struct picture *picture, const char *words, int y)
{
    int width = (int)text_columns(words) * 73 / 10 + 34;
    text_add(picture->out,
             "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"17\" rx=\"3\" "
             "fill=\"#ffedb3\" stroke=\"#000\"/><path d=\"M%d %dl7 12h-14z\"/>"
             "<text class=\"mid small bold\" style=\"fill:#fff\" x=\"%d\" "
             "y=\"%d\">!</text><text class=\"finding\" x=\"%d\" y=\"%d\">",
             picture->label_x - 4,
             y - 8,
             width,
             picture->label_x + 8,
             y - 6,
             picture->label_x + 8,
             y + 5,
             picture->label_x + 22,
             y + 5);
    text_add_xml(picture->out, words);
    text_add(picture->out, "</text>\n");
}

void draw_labels(const struct picture *picture)
{
    const struct model *model = picture->model;
    size_t next = 0;
    for (size_t row = 0; row < model->flight.count; row++) {
        label(picture, row);
        int y = picture->y[row] + ROW;
        for (; next < model->finding_count && model->findings[next].row == row;
             next++, y += FINDING)
            finding(picture, model->findings[next].text, y);
    }
}
