/* svg_bands.c - the lanes themselves: who each thread was, and its waits. */
#include "picture.h"

/* The lane's last moment: its last row, or further when it outlives it. */
static int lane_end(const struct picture *picture, const struct lane *lane)
{
    return picture->y[lane->last_row] + ROW / 2 - 1;
}

static int lane_start(const struct picture *picture, const struct lane *lane)
{
    if (lane->from_row < lane->first_row)
        return between_y(picture, lane->from_row);
    return picture->y[lane->first_row] - ROW / 2 + 1;
}

void draw_leaders(const struct picture *picture)
{
    const struct flight *flight = &picture->model->flight;
    for (size_t row = 0; row < flight->count; row++) {
        const struct event *event = &flight->events[row];
        bool turn = !same_who(event->before, event->after);
        text_add(picture->out,
                 "<path class=\"%s\" d=\"M%d %dH%d\"/>\n",
                 turn ? "turnline" : "leader",
                 lane_x(picture, event->lane),
                 picture->y[row],
                 picture->label_x - 6);
    }
}

static void
box(const struct picture *picture, int x, int half, int top, int bottom)
{
    text_add(picture->out,
             "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" ",
             x - half,
             top,
             2 * half,
             bottom > top ? bottom - top : 1);
}

static void client_band(const struct picture *picture,
                        size_t lane_index,
                        size_t first,
                        size_t past,
                        struct who who)
{
    const struct lane *lane = &picture->model->lanes[lane_index];
    int x = lane_x(picture, lane_index);
    box(picture,
        x,
        CLIENT_HALF,
        picture->y[first],
        past <= lane->last_row ? picture->y[past] : lane_end(picture, lane));
    text_add(picture->out, "fill=\"");
    add_fill(picture->out, picture->model, who);
    text_add(picture->out,
             "\" stroke=\"%s\" stroke-width=\"1.5\"/>\n",
             client_colour(picture->model, who));
}

static void wait_bar(const struct picture *picture, int x, int top, int bottom)
{
    box(picture, x, 3, top, bottom);
    text_add(picture->out,
             "fill=\"#666\" stroke=\"#fff\" "
             "stroke-width=\"1\"/>\n");
}

static void waits(const struct picture *picture, size_t lane_index)
{
    const struct model *model = picture->model;
    const struct lane *lane = &model->lanes[lane_index];
    int x = lane_x(picture, lane_index);
    for (size_t row = lane->first_row; row != NO_INDEX;) {
        const struct event *event = &model->flight.events[row];
        if (event->wait_first != NO_INDEX)
            wait_bar(picture,
                     x,
                     between_y(picture, event->wait_first),
                     picture->y[row]);
        if (!event->finished)
            wait_bar(picture,
                     x,
                     picture->y[row],
                     event->next != NO_INDEX ? picture->y[event->next]
                                             : lane_end(picture, lane));
        row = event->next;
    }
}

void draw_bands(const struct picture *picture)
{
    const struct model *model = picture->model;
    for (size_t i = 0; i < model->lane_count; i++) {
        const struct lane *lane = &model->lanes[i];
        text_add(picture->out, "<g><title>");
        text_add_xml(picture->out, model->processes[lane->process].exe);
        text_add(picture->out,
                 " %u, thread %u</title>\n",
                 (unsigned)lane->pid,
                 (unsigned)lane->tid);
        box(picture,
            lane_x(picture, i),
            SELF_HALF,
            lane_start(picture, lane),
            lane_end(picture, lane));
        text_add(picture->out, "fill=\"#f4f4f4\" stroke=\"#666\"/>\n");
        each_stretch(picture, i, client_band);
        waits(picture, i);
        text_add(picture->out, "</g>\n");
    }
}

/* A zigzag cut through all lanes: time is left out here. */
void draw_breaks(const struct picture *picture)
{
    int left = picture->lanes_x, right = picture->label_x - CHIP - 4;
    for (size_t row = 0; row < picture->model->flight.count; row++) {
        int y = picture->break_y[row];
        if (y == 0)
            continue;
        text_add(picture->out,
                 "<path fill=\"#fff\" stroke=\"none\" d=\"M%d %d",
                 left,
                 y - 4);
        struct text zigzag = {0};
        int x = left;
        for (int step = 0; x < right; step++, x += 6)
            text_add(&zigzag, "l6 %d", step % 2 == 0 ? -4 : 4);
        text_add(picture->out, "%sV%d", zigzag.bytes, y + 4);
        text_add(picture->out,
                 "H%dz\"/><path fill=\"none\" stroke=\"#555\" "
                 "d=\"M%d %d%sM%d %d%s\"/>\n",
                 left,
                 left,
                 y - 4,
                 zigzag.bytes,
                 left,
                 y + 4,
                 zigzag.bytes);
        text_add(picture->out,
                 "<text class=\"time later\" x=\"%d\" y=\"%d\">",
                 picture->lanes_x - 8,
                 y + 4);
        add_duration(picture->out, gap_before(picture->model, row));
        text_add(picture->out,
                 "</text><text class=\"later\" x=\"%d\" "
                 "y=\"%d\">… ",
                 picture->label_x,
                 y + 4);
        add_duration(picture->out, gap_before(picture->model, row));
        text_add(picture->out, " later</text>\n");
        free_text(&zigzag);
    }
}
