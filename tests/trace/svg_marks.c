/* svg_marks.c - what lies on the lanes: calls, steps, handles, messages. */
#include "picture.h"

#include <stdlib.h>

/* ---- handles opened under a borrowed identity ------------------------------
 */

static int handle_x(const struct picture *picture,
                    const struct borrowed *borrowed)
{
    int room = (picture->pitch / 2 - CLIENT_HALF - 6) / HANDLE_GAP;
    int slot = (int)borrowed->slot < room ? (int)borrowed->slot : room;
    return lane_x(picture, borrowed->lane) + CLIENT_HALF + 6 +
           slot * HANDLE_GAP;
}

/* The row at which the opening thread stops being that client, or `end`. */
static size_t revert_row(const struct model *model,
                         const struct borrowed *borrowed,
                         size_t end)
{
    for (size_t row = borrowed->open_row; row != NO_INDEX && row < end;
         row = model->flight.events[row].next)
        if (!same_who(model->flight.events[row].after, borrowed->who))
            return row;
    return end;
}

static void handle_line(const struct picture *picture,
                        const struct borrowed *borrowed)
{
    const struct model *model = picture->model;
    const char *colour = client_colour(model, borrowed->who);
    bool closed = borrowed->close_row != NO_INDEX;
    size_t end =
        closed ? borrowed->close_row : model->lanes[borrowed->lane].last_row;
    size_t revert = revert_row(model, borrowed, end);
    int x = handle_x(picture, borrowed), y = picture->y[borrowed->open_row];
    text_add(
        picture->out,
        "<g fill=\"none\" stroke=\"%s\" stroke-width=\"2.4\"><title>handle "
        "0x%llx, opened as %s%s</title><path d=\"M%d %dV%d\"/>"
        "<path stroke-dasharray=\"5 3\" d=\"M%d %dV%d\"/>"
        "<circle cx=\"%d\" cy=\"%d\" r=\"3.5\" fill=\"#fff\"/>",
        colour,
        (unsigned long long)borrowed->handle,
        who_name(model, borrowed->who),
        closed ? "" : ", never closed",
        x,
        y,
        picture->y[revert],
        x,
        picture->y[revert],
        picture->y[end],
        x,
        y);
    if (closed)
        text_add(picture->out,
                 "<path d=\"M%d %dh8\"/></g>\n",
                 x - 4,
                 picture->y[end]);
    else
        text_add(picture->out,
                 "<path d=\"M%d %dl4 7l4 -7\"/></g>\n",
                 x - 4,
                 picture->y[end] + 1);
}

/* A use: filled while the thread is that client, hollow when it is not. */
static void handle_use(const struct picture *picture, size_t row)
{
    const struct event *event = &picture->model->flight.events[row];
    const struct borrowed *borrowed =
        &picture->model->borrowed[event->borrowed];
    const char *colour = client_colour(picture->model, borrowed->who);
    if (row == borrowed->open_row || row == borrowed->close_row)
        return;
    int x = handle_x(picture, borrowed), y = picture->y[row];
    text_add(picture->out,
             "<path d=\"M%d %dl5 5l-5 5l-5 -5z\" fill=\"%s\" stroke=\"%s\" "
             "stroke-width=\"1.8\"/>\n",
             x,
             y - 5,
             same_who(event->before, borrowed->who) ? colour : "#fff",
             colour);
}

void draw_borrowed(const struct picture *picture)
{
    const struct model *model = picture->model;
    for (size_t i = 0; i < model->borrowed_count; i++)
        handle_line(picture, &model->borrowed[i]);
    for (size_t row = 0; row < model->flight.count; row++)
        if (model->flight.events[row].borrowed != NO_INDEX)
            handle_use(picture, row);
}

/* ---- messages --------------------------------------------------------------
 */

void draw_arrows(const struct picture *picture)
{
    const struct flight *flight = &picture->model->flight;
    for (size_t row = 0; row < flight->count; row++) {
        size_t from = flight->events[row].written_by;
        if (from == NO_INDEX)
            continue;
        const struct event *write = &flight->events[from];
        int x1 = lane_x(picture, write->lane);
        int x2 = lane_x(picture, flight->events[row].lane);
        /* A call that writes and then waits for the answer is drawn where it
         * ends; what it wrote left where it began. */
        int y1 = write->wait_first != NO_INDEX
                     ? between_y(picture, write->wait_first)
                     : picture->y[from];
        int half = flight->events[row].before.level == LEVEL_SELF
                       ? SELF_HALF + 1
                       : CLIENT_HALF + 2;
        x2 += x2 > x1 ? -half : half;
        text_add(picture->out,
                 "<g fill=\"none\"><title>a message</title>"
                 "<path stroke=\"#fff\" stroke-width=\"4\" d=\"M%d %dL%d %d\"/>"
                 "<path stroke=\"#000\" stroke-width=\"1.4\" "
                 "marker-end=\"url(#head)\" d=\"M%d %dL%d %d\"/></g>\n",
                 x1,
                 y1,
                 x2,
                 picture->y[row],
                 x1,
                 y1,
                 x2,
                 picture->y[row]);
    }
}

/* ---- calls -----------------------------------------------------------------
 */

/* A bold bar where the thread changes hands, with a wedge into the lane or
 * out of it. */
static void
turn(const struct picture *picture, const struct event *event, int x, int y)
{
    bool in = event->after.level != LEVEL_SELF;
    int edge = x - CLIENT_HALF - 3;
    text_add(picture->out,
             "<path d=\"M%d %dH%d\" stroke=\"#000\" "
             "stroke-width=\"4.5\"/>",
             edge,
             y,
             x + CLIENT_HALF + 3);
    text_add(
        picture->out,
        in ? "<path d=\"M%d %dl-11 -7v14z\"/>\n"
           : "<path d=\"M%d %dl11 -7v14z\" transform=\"translate(-12 0)\"/>\n",
        edge,
        y);
}

void draw_marks(const struct picture *picture)
{
    const struct flight *flight = &picture->model->flight;
    for (size_t row = 0; row < flight->count; row++) {
        const struct event *event = &flight->events[row];
        int x = lane_x(picture, event->lane), y = picture->y[row];
        if (event_failed(event))
            text_add(
                picture->out,
                "<circle cx=\"%d\" cy=\"%d\" r=\"7.5\" fill=\"#fff\"/>"
                "<path class=\"cross\" d=\"M%d %dl10 10m0 -10l-10 10\"/>\n",
                x,
                y,
                x - 5,
                y - 5);
        else if (!same_who(event->before, event->after))
            turn(picture, event, x, y);
        else
            text_add(picture->out,
                     "<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"%s\" "
                     "stroke=\"%s\" stroke-width=\"1.6\"/>\n",
                     x,
                     y,
                     event->finished ? "#111" : "#fff",
                     event->finished ? "#fff" : "#111");
    }
}
