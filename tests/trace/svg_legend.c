/* svg_legend.c - what the signs mean, and the heads of the lanes. */
#include "picture.h"

#include <string.h>

enum { LINE = 19 };

/* Words cut to a width, for places that cannot grow. */
static void fitting(struct text *out, const char *words, int width)
{
    size_t most = width > 0 ? (size_t)(width * 10 / 73) : 0;
    if (text_columns(words) <= most) {
        text_add_xml(out, words);
        return;
    }
    struct text cut = {0};
    text_add_bytes(&cut, words, text_offset(words, most > 0 ? most - 1 : 0));
    text_add_xml(out, cut.bytes);
    text_add(out, "…");
    free_text(&cut);
}

static void swatch(const struct picture *picture,
                   int x,
                   int y,
                   const char *fill,
                   const char *stroke)
{
    text_add(picture->out,
             "<rect x=\"%d\" y=\"%d\" width=\"34\" height=\"14\" fill=\"%s\" "
             "stroke=\"%s\" stroke-width=\"1.5\"/>",
             x,
             y - 7,
             fill,
             stroke);
}

static void
words_at(const struct picture *picture, int x, int y, const char *words)
{
    text_add(
        picture->out, "<text x=\"%d\" y=\"%d\">%s</text>\n", x, y + 4, words);
}

/* The highest level at which this client was borrowed, for its sample. */
static struct who borrowed_who(const struct model *model, struct who who)
{
    for (size_t i = 0; i < model->flight.count; i++) {
        struct who after = model->flight.events[i].after;
        if (after.pid == who.pid && after.level > who.level)
            who.level = after.level;
    }
    return who;
}

static void clients(const struct picture *picture, int *y)
{
    const struct model *model = picture->model;
    for (size_t i = 0; i < model->identity_count; i++) {
        struct who who = borrowed_who(model, model->identities[i].who);
        if (sharers(model, &model->identities[i]) == 0)
            continue;
        struct text fill = {0}, words = {0};
        add_fill(&fill, model, who);
        swatch(picture, MARGIN, *y, fill.bytes, client_colour(model, who));
        add_identity(&words, model, &model->identities[i]);
        text_add(picture->out,
                 "<text x=\"%d\" y=\"%d\"><tspan class=\"bold\">",
                 MARGIN + 44,
                 *y + 4);
        add_name(picture->out, model, &model->identities[i]);
        text_add(picture->out, "</tspan> ");
        fitting(picture->out, words.bytes, picture->width / 2 - 90);
        text_add(picture->out, "<title>");
        text_add_xml(picture->out, words.bytes);
        text_add(picture->out, "</title></text>\n");
        free_text(&fill);
        free_text(&words);
        *y += LINE;
    }
}

static void levels(const struct picture *picture, int *y)
{
    static const char *const meaning[] = {
        "",
        "Anonymous: no name, no opening",
        "Identification: may be asked about, cannot open",
        "Impersonation: opens with the client’s rights",
        "Delegation: also on other machines"};
    const struct flight *flight = &picture->model->flight;
    for (int level = LEVEL_ANONYMOUS; level <= LEVEL_DELEGATION; level++) {
        bool seen = false;
        for (size_t row = 0; row < flight->count && !seen; row++)
            seen = flight->events[row].after.level == (enum level)level;
        if (!seen)
            continue;
        struct text fill = {0};
        add_fill(
            &fill, picture->model, (struct who){.level = (enum level)level});
        swatch(picture, MARGIN, *y, fill.bytes, "#555");
        words_at(picture, MARGIN + 44, *y, meaning[level]);
        free_text(&fill);
        *y += LINE;
    }
}

static void signs(const struct picture *picture)
{
    static const struct {
        const char *drawing, *meaning;
    } signs[] = {
        {"<circle r=\"4\" fill=\"#111\"/>",
         "a call; hollow: it did not return"},
        {"<path class=\"cross\" d=\"M-5 -5l10 10m0 -10l-10 10\"/>",
         "a call that failed"},
        {"<path d=\"M-6 0h23\" stroke=\"#000\" stroke-width=\"4.5\"/>"
         "<path d=\"M-6 0l-11 -7v14z\"/>",
         "becomes a client; the wedge the other way: itself again"},
        {"<rect x=\"-17\" y=\"-2\" width=\"34\" height=\"4\" fill=\"#666\"/>",
         "waits inside a call"},
        {"<path d=\"M-17 0h16\" stroke=\"#333\" stroke-width=\"2.4\"/>"
         "<path d=\"M0 0h17\" stroke=\"#333\" stroke-width=\"2.4\" "
         "stroke-dasharray=\"5 3\"/><circle cx=\"-14\" r=\"3.5\" fill=\"#fff\" "
         "stroke=\"#333\" stroke-width=\"2.4\"/>",
         "handle opened as a client; dashed: after the revert"},
        {"<path d=\"M-17 0H17\" stroke=\"#000\" stroke-width=\"1.4\" "
         "marker-end=\"url(#head)\"/>",
         "a message, from its write to its read"},
        {"<path d=\"M-17 -2l6 -4l6 4l6 -4l6 4l6 -4M-17 5l6 -4l6 4l6 -4l6 4l6 "
         "-4\" fill=\"none\" stroke=\"#555\"/>",
         "time left out"}};
    int x = picture->width / 2, y = picture->legend_y;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++, y += LINE) {
        text_add(picture->out,
                 "<g transform=\"translate(%d %d)\">%s</g>",
                 x + 17,
                 y,
                 signs[i].drawing);
        words_at(picture, x + 44, y, signs[i].meaning);
    }
}

/* ---- heads of lanes
 * ---------------------------------------------------------- */

static void head(const struct picture *picture, int top)
{
    const struct model *model = picture->model;
    struct text *out = picture->out;
    text_add(out,
             "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
             "fill=\"#fff\"/>\n",
             picture->lanes_x,
             top - 2,
             picture->label_x - picture->lanes_x - 4,
             HEAD + 2);
    for (size_t i = 0; i < model->lane_count; i++) {
        const struct lane *lane = &model->lanes[i];
        const struct process *process = &model->processes[lane->process];
        bool first = i == 0 || model->lanes[i - 1].process != lane->process;
        int x = lane_x(picture, i);
        text_add(out,
                 "<text class=\"mid small\" x=\"%d\" y=\"%d\">%s%u</text>\n",
                 x,
                 top + 46,
                 picture->pitch >= 80 ? "thread " : "tid ",
                 (unsigned)lane->tid);
        if (!first)
            continue;
        int wide = (int)process->lane_count * picture->pitch - 8;
        int left = x - picture->pitch / 2 + 4;
        text_add(out,
                 "<text class=\"mid bold\" x=\"%d\" y=\"%d\">",
                 left + wide / 2,
                 top + 12);
        fitting(out, process->exe, wide);
        text_add(out,
                 "</text><text class=\"mid small\" x=\"%d\" y=\"%d\">"
                 "pid %u",
                 left + wide / 2,
                 top + 26,
                 (unsigned)lane->pid);
        if (process->client != NO_INDEX)
            text_add(out,
                     " = <tspan class=\"bold\">%c</tspan>",
                     model->identities[process->client].name[0]);
        text_add(out,
                 "</text><path d=\"M%d %dv-4h%dv4\" fill=\"none\" "
                 "stroke=\"#111\"/>\n",
                 left,
                 top + 35,
                 wide);
    }
}

void draw_legend(const struct picture *picture)
{
    int y = picture->legend_y;
    swatch(picture, MARGIN, y, "#f4f4f4", "#666");
    words_at(picture, MARGIN + 44, y, "the thread is itself: its process");
    y += LINE;
    clients(picture, &y);
    levels(picture, &y);
    signs(picture);
}

void draw_heads(const struct picture *picture)
{
    head(picture, picture->lanes_y - HEAD);
    text_add(picture->out,
             "<text class=\"time\" x=\"%d\" y=\"%d\">ms</text>\n",
             picture->lanes_x - 8,
             picture->lanes_y - HEAD + 46);
    for (size_t row = 0; row < picture->model->flight.count; row++)
        if (picture->head_y[row] != 0)
            head(picture, picture->head_y[row]);
}
