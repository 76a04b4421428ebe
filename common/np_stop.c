/* np_stop.c - see np_stop.h. */
#include "np_stop.h"
#include "np_handle.h"

/* How often the cancel is repeated. It only delays a stop that fell between
 * the server's last look and its next call. */
enum { CANCEL_AGAIN_MS = 5 };

static HANDLE requested;    /* manual-reset event */
static HANDLE acknowledged; /* manual-reset event */
static HANDLE server_thread;

static void ask_to_stop(void)
{
    SetEvent(requested);
    do {
        CancelSynchronousIo(server_thread);
    } while (WaitForSingleObject(acknowledged, CANCEL_AGAIN_MS) ==
             WAIT_TIMEOUT);
}

static DWORD WINAPI watch_input(void *unused)
{
    char bytes[256];
    DWORD got = 0;
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);

    (void)unused;
    while (ReadFile(input, bytes, sizeof bytes, &got, NULL) && got > 0)
        ;
    ask_to_stop();
    return 0;
}

/* Windows runs this on a thread of its own. After it returns for the close
 * event the process is ended, so wait for the server's own way out. */
static BOOL WINAPI on_console_event(DWORD event)
{
    ask_to_stop();
    if (event == CTRL_CLOSE_EVENT)
        WaitForSingleObject(server_thread, 5000);
    return TRUE;
}

DWORD np_stop_begin(void)
{
    DWORD err = 0;
    HANDLE watcher = NULL;

    requested = CreateEventW(NULL, /* manual */ TRUE, FALSE, NULL);
    acknowledged = CreateEventW(NULL, /* manual */ TRUE, FALSE, NULL);
    if (requested == NULL || acknowledged == NULL) {
        err = np_last_error();
        goto out;
    }
    /* GetCurrentThread() means "whoever asks"; others need a real handle. */
    if (!DuplicateHandle(GetCurrentProcess(),
                         GetCurrentThread(),
                         GetCurrentProcess(),
                         &server_thread,
                         /* dwDesiredAccess */ 0,
                         /* bInheritHandle */ FALSE,
                         DUPLICATE_SAME_ACCESS)) {
        err = np_last_error();
        goto out;
    }
    if (!SetConsoleCtrlHandler(on_console_event, TRUE)) {
        err = np_last_error();
        goto out;
    }
    watcher = CreateThread(NULL, 0, watch_input, NULL, 0, NULL);
    if (watcher == NULL)
        err = np_last_error();
out:
    np_close(&watcher);
    return err;
}

bool np_stop_requested(void)
{
    if (requested == NULL || WaitForSingleObject(requested, 0) != WAIT_OBJECT_0)
        return false;
    SetEvent(acknowledged);
    return true;
}

HANDLE np_stop_event(void)
{
    return requested;
}
