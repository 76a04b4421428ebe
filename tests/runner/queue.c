/* queue.c - which slot takes which job next, and on which core. */
#include "compile.h"
#include "jobs.h"

#include <sys/mman.h>

struct queue {
    _Atomic size_t next;    /* in the order */
    _Atomic size_t waiting; /* at its beginning, in the jobs that wait */
    size_t count;           /* of all jobs */
    size_t waiting_count;
    int first_to_wait; /* the slot from which on they take these alone */
    size_t order[];
};

static size_t size_for(size_t count)
{
    return sizeof(struct queue) + count * sizeof(size_t);
}

/* Jobs that wait; of the others, those whose program is there, and of these
 * the slow ones first. */
enum { TURNS = 8, TURNS_TO_WAIT = 4 };
static int turn_of(const struct check *check)
{
    return (check->waits ? 0 : 4) + (compile_goes_on(check) ? 2 : 0) +
           (check->is_slow ? 0 : 1);
}

static void put_in_order(struct queue *queue, const struct run *run)
{
    size_t next = 0;
    for (int turn = 0; turn < TURNS; turn++) {
        if (turn == TURNS_TO_WAIT)
            queue->waiting_count = next;
        for (size_t i = 0; i < run->count; i++)
            if (turn_of(run->jobs[i].check) == turn)
                queue->order[next++] = i;
    }
}

static int at_most(int slots, size_t jobs)
{
    return (size_t)slots < jobs ? slots : (int)jobs;
}

/* Without a wish, each core has a slot, and one more for jobs that wait. */
static void settle_slots(struct queue *queue, struct run *run)
{
    if (run->slots > 0) {
        run->slots = at_most(run->slots, run->count);
        queue->first_to_wait = run->slots;
        queue->waiting = queue->waiting_count;
    } else {
        int cores = at_most(cpu_count(), MAX_SLOTS / 2);
        queue->first_to_wait = at_most(cores, run->count);
        run->slots =
            queue->first_to_wait + at_most(cores, queue->waiting_count);
        queue->next = queue->waiting_count;
    }
}

static bool only_waits(const struct queue *queue, int slot)
{
    return slot >= queue->first_to_wait;
}

struct queue *queue_make(struct run *run)
{
    struct queue *queue = mmap(NULL,
                               size_for(run->count),
                               PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS,
                               -1,
                               0);
    if (queue == MAP_FAILED)
        return NULL;
    queue->count = run->count;
    put_in_order(queue, run);
    settle_slots(queue, run);
    return queue;
}

void queue_free(struct queue *queue)
{
    if (queue != NULL)
        munmap(queue, size_for(queue->count));
}

bool queue_take(struct queue *queue, int slot, size_t *job)
{
    size_t place = queue->count;
    if (!only_waits(queue, slot))
        place = queue->next++;
    if (place >= queue->count) {
        place = queue->waiting++;
        if (place >= queue->waiting_count)
            return false;
    }
    *job = queue->order[place];
    return true;
}

int queue_core(const struct queue *queue, int slot)
{
    int cores = cpu_count();
    /* Compilers take the first cores: who waits begins with the last. */
    return only_waits(queue, slot) ? cores - 1 - (slot - queue->first_to_wait)
                                   : slot % cores;
}
