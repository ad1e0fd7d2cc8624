/* The receiving end of a synthetic participant: takes all that waits at its socket and counts it, so that the load costs
   the machine little. Times are the kernel's, of the arrival: how late the reader itself is counts for nobody. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH 64
#define ROOM 2048
#define STREAMS 256
#define DELAYS 65536
#define OTHERS 256
#define SAMPLE 7
#define LATEST 4000000000ULL
#define NUMBERED 4096
#define NUMBER_ID 3

typedef struct {
    uint32_t ssrc, first, highest, count;
} stream_t;

typedef struct {
    uint64_t at;
    uint32_t number, spare;
} numbered_t;

typedef struct {
    int descriptor, video_type;
    void *context;
    uint64_t packets, overflowed, picture_at;
    uint32_t stream_count, delay_count, other_count, seen_overflow, numbered_count, spare;
    numbered_t numbered[NUMBERED];
    stream_t streams[STREAMS];
    uint32_t delays[DELAYS];
    uint16_t lengths[OTHERS];
    uint8_t others[OTHERS][ROOM];
} sink_t;

typedef int (*unprotect_t)(void *context, void *packet, int *length);

static uint8_t buffers[BATCH][ROOM];
static uint8_t controls[BATCH][128];
static struct mmsghdr messages[BATCH];
static struct iovec pieces[BATCH];

static void count(sink_t *sink, uint32_t ssrc, uint32_t number)
{
    stream_t *stream = sink->streams, *end = stream + sink->stream_count;
    while (stream < end && stream->ssrc != ssrc)
        stream++;
    if (stream == end) {
        if (sink->stream_count == STREAMS)
            return;
        sink->stream_count++;
        *stream = (stream_t){ssrc, number + 0x10000, number + 0x10000, 0};
    }
    uint32_t full = stream->highest + ((number - stream->highest + 0x8000) & 0xffff) - 0x8000;
    if (full > stream->highest)
        stream->highest = full;
    stream->count++;
}

/* What the kernel says of a datagram: when it came, and how many were lost before it because the socket was full. */
static uint64_t arrived(sink_t *sink, struct msghdr *header)
{
    uint64_t at = 0;
    for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item; item = CMSG_NXTHDR(header, item)) {
        if (item->cmsg_level != SOL_SOCKET)
            continue;
        if (item->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec time;
            memcpy(&time, CMSG_DATA(item), sizeof time);
            at = (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
        } else if (item->cmsg_type == SO_RXQ_OVFL) {
            uint32_t lost;
            memcpy(&lost, CMSG_DATA(item), sizeof lost);
            sink->overflowed += lost - sink->seen_overflow;
            sink->seen_overflow = lost;
        }
    }
    return at;
}

static void sample(sink_t *sink, unprotect_t unprotect, uint8_t *packet, int length, uint64_t at)
{
    uint64_t sent = 0;
    if (!sink->context || sink->delay_count == DELAYS || unprotect(sink->context, packet, &length))
        return;
    if (length < 24 || memcmp(packet + length - 4, "TSTS", 4))
        return;
    for (int byte = 0; byte < 8; byte++)
        sent = sent << 8 | packet[length - 12 + byte];
    uint64_t late = at > sent ? at - sent : 0;
    sink->delays[sink->delay_count++] = (late < LATEST ? late : LATEST) / 1000;
}

/* Keep the transport-wide number: header extensions are authenticated, not encrypted. */
static void note_number(sink_t *sink, const uint8_t *packet, int length, uint64_t at)
{
    if (length < 20 || !(packet[0] & 16) || packet[12] != 0xbe || packet[13] != 0xde || packet[16] != (NUMBER_ID << 4 | 1))
        return;
    if (sink->numbered_count < NUMBERED)
        sink->numbered[sink->numbered_count++] = (numbered_t){at, packet[17] << 8 | packet[18], 0};
}

static void take(sink_t *sink, unprotect_t unprotect, uint8_t *packet, int length, uint64_t at)
{
    if (length < 12 || packet[0] < 128 || (packet[1] > 191 && packet[1] < 224)) {
        memcpy(sink->others[sink->other_count], packet, length);
        sink->lengths[sink->other_count++] = length;
        return;
    }
    count(sink, (uint32_t)packet[8] << 24 | packet[9] << 16 | packet[10] << 8 | packet[11], packet[2] << 8 | packet[3]);
    sink->packets++;
    note_number(sink, packet, length, at);
    if (!sink->picture_at && packet[1] == (sink->video_type | 128))
        sink->picture_at = at;
    if (sink->packets % SAMPLE == 0)
        sample(sink, unprotect, packet, length, at);
}

/* Take what waits, at most OTHERS datagrams that are not media; how many of those were kept. */
int drain(sink_t *sink, void *unprotect)
{
    int taken = BATCH;
    sink->other_count = 0;
    while (taken == BATCH && sink->other_count <= OTHERS - BATCH) {
        for (int at = 0; at < BATCH; at++) {
            pieces[at] = (struct iovec){buffers[at], ROOM};
            memset(&messages[at], 0, sizeof messages[at]);
            messages[at].msg_hdr.msg_iov = &pieces[at];
            messages[at].msg_hdr.msg_iovlen = 1;
            messages[at].msg_hdr.msg_control = controls[at];
            messages[at].msg_hdr.msg_controllen = sizeof controls[at];
        }
        taken = recvmmsg(sink->descriptor, messages, BATCH, MSG_DONTWAIT, NULL);
        for (int at = 0; at < taken; at++)
            take(sink, (unprotect_t)unprotect, buffers[at], messages[at].msg_len, arrived(sink, &messages[at].msg_hdr));
    }
    return sink->other_count;
}
