/*
 * play.h - what a check can make happen inside its private Windows.
 *
 * Every call sends one line to the director (tests/director), a Windows
 * program that runs beside the student's programs, and waits for its answer
 * with a deadline. If the director itself fails, the check ends as an error
 * of the kit, never as a verdict on the student.
 *
 * Deadlines are in milliseconds and are multiplied by TIMEOUT_SCALE. A
 * deadline of 0 means DEFAULT_DEADLINE_MS. Nothing here waits longer.
 *
 * Texts and bytes returned belong to the play and live until it ends; those of
 * output_of and errors_of until they are asked for that program again.
 */
#ifndef NPLAB_PLAY_H
#define NPLAB_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEFAULT_DEADLINE_MS 4000u
#define MAX_ARGS 16

/* Win32 codes the checks compare with (the full list of names is
 * common/win32_codes.def). */
enum {
    NO_ERROR_CODE = 0,
    TIMED_OUT = 0x10000 /* ours: the deadline passed before an answer */
};

/* ---- names -------------------------------------------------------------- */

/* The pipe of this check: \\.\pipe\... , fresh for every check. */
const char *pipe_name(void);
#define PIPE pipe_name()

/* The play's scratch folder as Windows sees it, e.g. C:\work. Programs start
 * there; it is empty at the start of a check. */
const char *work_folder(void);

/* ---- identities --------------------------------------------------------- */

/*
 * Who a program or a peer runs as.
 *   NULL or "self"     the user, with all of his groups
 *   "lesser"           the user without the kit's lab group (made deny-only)
 *   "lacks:SID[,SID]"  the user with these groups made deny-only
 * The lab group is the one np_lab_group in common/ picks: INTERACTIVE, else
 * LOCAL, else BUILTIN\Administrators.
 */
typedef const char *identity;
#define SELF NULL
#define LESSER "lesser"

/* The lab group's SID as text, "S-1-5-4". */
const char *lab_group(void);

/* ---- the student's programs --------------------------------------------- */

typedef int program;

struct launch {
    const char *exe; /* "server" or "client": of the submission */
    const char
        *args[MAX_ARGS];    /* up to the first NULL; quoted as Windows wants */
    identity as;            /* token of the new process */
    const char *input;      /* given on standard input, which stays open */
    size_t input_size;      /* bytes of input; 0 and input set: strlen */
    bool input_ends;        /* close standard input after it */
    const char *faults;     /* "RevertToSelf:2:5,..." makes calls fail */
    const char *hold;       /* "ConnectNamedPipe:1": stop before that call */
    bool record;            /* keep a flight record; from lab 04 on all do */
    bool lacks_impersonate; /* behave as without SeImpersonatePrivilege */
    bool plain_wine;        /* without the platform layer */
};

/* Starts a program. Fails the check if Windows refuses. */
#define start(...) start_program((struct launch){__VA_ARGS__})
program start_program(struct launch launch);

/* start() of the server with --pipe PIPE, and await_pipe(). */
program start_server(void);

/* Waits until the pipe can be opened by a client, or fails the check: the
 * server never created it, or it ended (the message tells which). */
void await_pipe(program server, const char *pipe);
/* The same for a server that may rightly end instead: then it is false. */
bool await_pipe_or_end(program server, const char *pipe);

/* Waits until the program stands before the held call, then lets it go. A
 * program that never makes the call (it may work another way) is no failure:
 * await_held answers false at the deadline and release does nothing. */
bool await_held(program p, uint32_t deadline_ms);
void release(program p);

struct ending {
    bool ended;
    uint32_t code; /* all 32 bits of the exit code */
};
struct ending await_end(program p, uint32_t deadline_ms);
bool is_running(program p);

/* Closes the program's standard input: how a server is asked to stop. */
void end_input(program p);
void write_input(program p, const void *data, size_t size);

/* Ends the program as the task manager would, with exit code 1. */
void kill_program(program p);

/* All it printed so far, NUL-terminated (it may contain NULs: see size).
 * At most 1 MiB is kept; flooding beyond that is a failure of its own. */
struct text {
    const char *bytes;
    size_t size;
};
struct text output_of(program p);
struct text errors_of(program p);

uint32_t handles_of(program p); /* open handles */
uint32_t threads_of(program p);
/* The same, once there are no more than `enough`, or after half a second: a
 * thread that has served its client may still be on its way out. */
uint32_t handles_settled(program p, uint32_t enough);
uint32_t threads_settled(program p, uint32_t enough);
/* How many processes that the program has started have not ended, once there
 * are no more than `enough`, or after half a second. */
uint32_t children_settled(program p, uint32_t enough);

/* "thread 1 in ReadFile, thread 2 in WaitForSingleObject", as far as it can
 * be told from outside. */
const char *blocked_in(program p);

/* What each thread of the program wears, asked from outside: one line a
 * thread, "TID self" or "TID LEVEL lacks SID,SID" (LEVEL as in
 * Identification). Empty if the program has ended. */
const char *identities_of(program p);

/* ---- peers: the director's own clients and servers ----------------------- */

typedef int peer;

enum access { READ_WRITE, READ_ONLY, WRITE_ONLY };

struct opening {
    const char *pipe; /* NULL: PIPE */
    enum access access;
    uint32_t flags;       /* SQOS flags, see SQOS_* below */
    identity as;          /* the thread's token while it opens and writes */
    bool messages;        /* set PIPE_READMODE_MESSAGE after opening */
    bool once;            /* do not retry on 231 ERROR_PIPE_BUSY */
    uint32_t deadline_ms; /* for retries on 231 and 2 */
};
enum {
    SQOS_PRESENT = 0x00100000,
    SQOS_ANONYMOUS = 0x00100000,
    SQOS_IDENTIFICATION = 0x00110000,
    SQOS_IMPERSONATION = 0x00120000,
    SQOS_DELEGATION = 0x00130000,
    SQOS_DYNAMIC = 0x00040000,
    SQOS_EFFECTIVE_ONLY = 0x00080000
};

/* Opens the pipe as a client. Fails the check if it cannot be opened;
 * try_connect returns the error instead (0 and *out on success). */
#define connect_to(...) open_peer((struct opening){__VA_ARGS__})
peer open_peer(struct opening opening);
#define try_connect(out, ...)                                                  \
    try_open_peer((out), (struct opening){__VA_ARGS__})
uint32_t try_open_peer(peer *out, struct opening opening);

struct listening {
    const char *pipe;   /* NULL: PIPE */
    bool messages;      /* message type and read mode, else byte */
    uint32_t instances; /* nMaxInstances; 0: 1 */
    uint32_t buffer;    /* bytes each way; 0: 4096 */
    const char *sddl;   /* security descriptor, NULL: default */
    identity as;        /* the thread's token while it creates */
};
/* Creates one pipe instance as a server; accept waits for its client. */
#define listen_on(...) listen_peer((struct listening){__VA_ARGS__})
peer listen_peer(struct listening listening);
#define try_listen(out, ...)                                                   \
    try_listen_peer((out), (struct listening){__VA_ARGS__})
uint32_t try_listen_peer(peer *out, struct listening listening);
uint32_t accept_client(peer server,
                       uint32_t deadline_ms); /* 0, code or TIMED_OUT */

/* One answer of a read or a write. error is 0, a Win32 code or TIMED_OUT;
 * bytes and size are what arrived even when error is 234 ERROR_MORE_DATA. */
struct reply {
    uint32_t error;
    const unsigned char *bytes;
    size_t size;
};

/* One WriteFile of everything. say fails the check when it does not go
 * through; try_say returns the outcome (size = bytes written). */
void say(peer p, const void *data, size_t size);
struct reply
try_say(peer p, const void *data, size_t size, uint32_t deadline_ms);
/* Changes who the peer is from now on (dynamic tracking shows it). */
void become(peer p, identity as);

/* hear: one ReadFile of at most max bytes. hear_exactly: reads until size
 * bytes arrived. hear_message: one whole message, however long.
 * hear_end: reads on until an error, returns all the bytes and that error. */
struct reply hear(peer p, size_t max, uint32_t deadline_ms);
struct reply hear_exactly(peer p, size_t size);
struct reply hear_message(peer p);
struct reply hear_end(peer p);
struct reply transact(peer p, const void *data, size_t size);

/* Sends a request in a WriteFile of its own and hears the message that answers
 * it; or the error of either. */
struct reply reply_to(peer p, const void *request, size_t size);
/* It came, and begins with this text. */
bool reply_begins(struct reply reply, const char *with);
/* What follows this text in the first line of it that begins so; "": there is
 * none. It is good until the next one is taken. */
const char *reply_line(struct reply reply, const char *begin);
/* Its bytes as show() has them, or the name of its error. */
const char *reply_shown(struct reply reply);

/* Impersonates the client of a listening peer, describes what it got as
 * "Identification lacks S-1-5-4" and reverts; error as in reply. */
struct reply who_is(peer server);

void hang_up(peer p); /* CloseHandle */
void disconnect(
    peer p); /* DisconnectNamedPipe; the instance can accept again */

/* start() of a client that finds the only instance of this server, of messages,
 * taken by another; when it waits, or after a moment, that one leaves. */
#define start_queued(server, ...)                                              \
    start_queued_program((server), (struct launch){__VA_ARGS__})
program start_queued_program(peer server, struct launch launch);

/* start() of a server whose name the other creates at the last moment, when it
 * stands before its own CreateNamedPipe: to have looked before is not enough.
 * One that makes its pipe in another way finds the name taken from the start.
 */
program start_too_late(struct launch server, struct listening other);

/* Many clients at once, each on a thread of its own: connect (waiting while
 * the pipe is busy), say, hear one reply, `rounds` times, close. The requests
 * are made here, and the replies are judged here. Up to 128 clients: the
 * sandbox has room for 400 processes and threads in all. */
struct crowd {
    const char *pipe;
    uint32_t clients;
    uint32_t rounds; /* 0: 1 */
    bool messages;
    const char *prefix;   /* put before the random bytes, or NULL */
    uint32_t size;        /* random letters and digits after the prefix */
    uint32_t flags;       /* SQOS flags */
    uint32_t reply_size;  /* of a reply on a byte pipe; 0: as the request */
    bool reconnect;       /* open and close for every round */
    uint32_t deadline_ms; /* for all of it */
    /* Whether a reply is right; NULL: the request, byte for byte. */
    bool (*is_right)(const unsigned char *request,
                     size_t request_size,
                     const unsigned char *reply,
                     size_t reply_size);
};
struct crowd_result {
    uint32_t served; /* clients whose every reply was right */
    uint32_t wrong;  /* got other bytes */
    uint32_t failed; /* got an error; first_error says which */
    uint32_t late;   /* had no reply at the deadline */
    uint32_t first_error;
};
#define send_crowd(...) run_crowd((struct crowd){__VA_ARGS__})
struct crowd_result run_crowd(struct crowd crowd);

/* ---- files, descriptors and the record
 * ----------------------------------------------------
 */

/* Paths are relative to work_folder. sddl may be NULL. put_file replaces the
 * content of a file that is there already and, with sddl, its DACL. */
void put_file(const char *path,
              const void *data,
              size_t size,
              const char *sddl);
struct reply get_file(const char *path); /* as SELF; error 2 if absent; fails
                                            the check if it is not shared */
void make_folder(const char *path, const char *sddl);
const char *list_folder(const char *path); /* names, one a line, sorted */
const char *security_of(const char *path); /* SDDL: owner and DACL */
uint32_t
try_file_as(identity as, const char *path, enum access access); /* 0 or code */

/* Owner and DACL of a pipe, or the code with which they could not be read.
 * It opens the pipe with READ_CONTROL, so to the server it is one client that
 * comes and goes. */
uint32_t pipe_security(const char *pipe, const char **sddl);

/* The flight record of all programs started with .record, oldest first, as
 * documented in common/seam/recorder/record.h. */
const char *flight_record(void);

/* One line of it. The texts are good until the next one is taken. */
struct recorded {
    bool has_ended; /* false: a call that may block begins */
    unsigned long pid, tid;
    const char *call, *object, *error, *who, *details;
};
/* The next whole line; false at the end. Begin with *at = flight_record(). */
bool next_recorded(const char **at, struct recorded *call);
/* The next one that tells the end of a call. */
bool next_recorded_end(const char **at, struct recorded *call);
/* The thread acted as its own process. */
bool was_itself(const struct recorded *call);
/* Whether a thread could not become itself again: a revert was made to fail,
 * past the first `since` bytes of the record, and none that succeeded was the
 * next thing to be done. */
bool is_stuck(size_t since);
/* Letters of any case. */
bool path_ends_with(const char *path, const char *end);
/* Which CreateFile of the process, counted from 1, was the last one of a file
 * whose path ends so; 0: none. */
unsigned last_open(const char *file);

/* ---- the engine's side: called by CHECK only -------------------------------
 */

void play_begin(const char *check_id, const char *only);
void play_end(void);

#endif
