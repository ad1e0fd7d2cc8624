/* The way in: take all that waits with one system call, and decrypt what is media. The next packet of a stream that
   needs no decision is forwarded at once; Python gets the others, and counts these later.
   Field for field what packets/rtp.py and tracks/ingress.py do; the same tests run on both. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include "hot.h"

#define LEVEL 1
#define TRANSPORT_SEQUENCE 2
#define SILENCE 127
#define HEADER 12
#define CANONICAL 20
#define TRIES 4

enum { RAW, CLEAR, DONE };

typedef int (*unprotect_t)(void *context, void *packet, int *length);

typedef struct {
    int key_frame, picture_at, tl0_at;
} vp8_t;

static void read_elements(const uint8_t *b, int at, int end, int wide, const uint8_t *meanings, opened_t *found)
{
    while (at < end) {
        int identifier, length, start;
        if (!b[at]) {
            at++;
            continue;
        }
        if (wide) {
            if (at + 2 > end)
                break;
            identifier = b[at];
            length = b[at + 1];
            start = at + 2;
        } else {
            identifier = b[at] >> 4;
            length = (b[at] & 15) + 1;
            start = at + 1;
            if (identifier == 15)
                break;
        }
        at = start + length;
        if (at > end)
            break;
        if (meanings[identifier] == LEVEL)
            found->level = length ? b[start] & 127 : SILENCE;
        else if (meanings[identifier] == TRANSPORT_SEQUENCE)
            found->sequence = length < 2 ? -1 : b[start] << 8 | b[start + 1];
    }
}

/* Decrypt `b` in place and read its extensions: 0, or 1 when it is forged or damaged. */
static int open_in_place(void *unprotect, void *context, uint8_t *b, int length, const uint8_t *meanings,
                         opened_t *found)
{
    if (length < HEADER || length > LARGEST || ((unprotect_t)unprotect)(context, b, &length))
        return 1;
    int at = HEADER + 4 * (b[0] & 15);
    *found = (opened_t){length, at, SILENCE, -1};
    if (!(b[0] & 16))
        return at > length;
    if (at + 4 > length)
        return 1;
    int profile = b[at] << 8 | b[at + 1], wide = (profile & 0xfff0) == 0x1000;
    int end = at + 4 + 4 * (b[at + 2] << 8 | b[at + 3]);
    found->payload_at = end;
    if (end > length)
        return 1;
    if (wide || profile == 0xbede)
        read_elements(b, at + 4, end, wide, meanings, found);
    return 0;
}

int open_packet(void *unprotect, void *context, const uint8_t *packet, int length, uint8_t *clear,
                const uint8_t *meanings, opened_t *found)
{
    if (length < 0 || length > LARGEST)
        return 1;
    memcpy(clear, packet, length);
    return open_in_place(unprotect, context, clear, length, meanings, found);
}

/* Read the payload descriptor that begins at `at`; the positions found are those in the canonical packet. */
static vp8_t read_vp8(const uint8_t *b, int at, int size)
{
    int shift = CANONICAL - at, first = b[at++], flags = 0;
    vp8_t found = {0, 0, 0};
    if (first & 0x80 && at < size)
        flags = b[at++];
    if (flags & 0x80 && at < size) {
        if (b[at] & 0x80) {
            found.picture_at = at + 1 < size ? at + shift : 0;
            at++;
        }
        at++;
    }
    if (flags & 0x40) {
        found.tl0_at = at < size ? at + shift : 0;
        at++;
    }
    if (flags & 0x30)
        at++;
    found.key_frame = first & 0x10 && !(first & 7) && at < size && !(b[at] & 1);
    return found;
}

/* Make the canonical packet with the payload from `at` on; its size. */
static int make_canonical(uint8_t *canonical, const uint8_t *b, const opened_t *opened, int at, int sound)
{
    const uint8_t extension[] = {0xbe, 0xde, 0, 1, 0, sound ? opened->level : 0, 0, 0};
    canonical[0] = 0x90;
    memcpy(canonical + 1, b + 1, HEADER - 1);
    memcpy(canonical + HEADER, extension, sizeof extension);
    memcpy(canonical + CANONICAL, b + at, opened->length - at);
    return CANONICAL + opened->length - at;
}

static stream_t *find_stream(source_t *source, uint32_t ssrc)
{
    for (uint32_t i = 0; i < source->streams; i++)
        if (source->stream[i]->ssrc == ssrc)
            return source->stream[i];
    return 0;
}

static void count(source_t *source, stream_t *stream, const uint8_t *b, const opened_t *opened, uint64_t now)
{
    stream->timestamp = (uint32_t)b[4] << 24 | b[5] << 16 | b[6] << 8 | b[7];
    stream->next++;
    stream->packets++;
    stream->octets += opened->length - opened->payload_at;
    stream->heard = source->heard = now;
    if ((uint32_t)opened->level < stream->level)
        stream->level = opened->level;
    if (opened->sequence >= 0)
        source->arrival[source->arrivals++] = (arrival_t){now, opened->sequence};
}

/* Where the newest frame begins in redundant sound (RFC 2198) between `at` and `end`; -1 when behind the end. */
static int red_primary(const uint8_t *b, int at, int end)
{
    int older = 0;
    while (at + 4 <= end && b[at] & 128) {
        older += (b[at + 2] & 3) << 8 | b[at + 3];
        at += 4;
    }
    return at + 1 + older <= end ? at + 1 + older : -1;
}

/* Whether the clear packet `b` is what its stream expects next and starts nothing new. */
static int is_plain(const source_t *source, const stream_t *stream, const uint8_t *b, const opened_t *opened,
                    const vp8_t *vp8)
{
    int payload = opened->length - opened->payload_at;
    return stream->fast && !(b[0] & 0x2f) && (b[1] & 127) == stream->payload_type &&
           (b[2] << 8 | b[3]) == (int)(stream->next & 0xffff) && 0 < payload && payload <= PACKET_BYTES - CANONICAL &&
           source->arrivals < ARRIVALS && !vp8->key_frame &&
           (!stream->redundant || red_primary(b, opened->payload_at, opened->length) > 0);
}

static void hurry_picture(stream_t *stream, const uint8_t *b, const opened_t *opened, const vp8_t *vp8, void *protect,
                          int descriptor)
{
    kept_t *kept = &stream->cache[stream->next % CACHE];
    kept->number = stream->next;
    kept->size = make_canonical(kept->packet, b, opened, opened->payload_at, 0);
    kept->picture_at = vp8->picture_at;
    kept->tl0_at = vp8->tl0_at;
    spread(kept->packet, kept->size, stream->fanout->copies, stream->fanout->count, protect, descriptor,
           vp8->picture_at, vp8->tl0_at);
}

/* Redundant sound goes whole to who takes it, and its newest frame to the others. */
static void hurry_sound(stream_t *stream, const uint8_t *b, const opened_t *opened, void *protect, int descriptor)
{
    static uint8_t canonical[PACKET_BYTES];
    fanout_t *all = stream->redundant ? stream->red_fanout : stream->fanout;
    int size = make_canonical(canonical, b, opened, opened->payload_at, 1);
    spread(canonical, size, all->copies, all->count, protect, descriptor, 0, 0);
    if (!stream->redundant || !stream->fanout->count)
        return;
    size = make_canonical(canonical, b, opened, red_primary(b, opened->payload_at, opened->length), 1);
    spread(canonical, size, stream->fanout->copies, stream->fanout->count, protect, descriptor, 0, 0);
}

/* Forward the clear packet `b` without Python if it is plain: 1 when that was done. Otherwise Python gets it, and all
   that follow in its stream until it says that they may take the fast path again. */
static int fast_path(source_t *source, const uint8_t *b, const opened_t *opened, void *protect, int descriptor,
                 uint64_t now)
{
    vp8_t vp8 = {0, 0, 0};
    stream_t *stream = find_stream(source, (uint32_t)b[8] << 24 | b[9] << 16 | b[10] << 8 | b[11]);
    if (!stream)
        return 0;
    if (stream->cache && opened->length > opened->payload_at)
        vp8 = read_vp8(b, opened->payload_at, opened->length);
    stream->fast = is_plain(source, stream, b, opened, &vp8);
    if (!stream->fast)
        return 0;
    if (stream->cache)
        hurry_picture(stream, b, opened, &vp8, protect, descriptor);
    else
        hurry_sound(stream, b, opened, protect, descriptor);
    count(source, stream, b, opened, now);
    return 1;
}

static known_t *place(known_t *table, const uint8_t *address)
{
    uint32_t words[7], mixed = 0;
    memcpy(words, address, sizeof words);
    for (int i = 0; i < 7; i++)
        mixed = (mixed ^ words[i]) * 2654435761u;
    return table + (mixed >> 16) % (PLACES - TRIES);
}

/* Know whose packets come from `address`. Where there is no place left near its own, another address is forgotten:
   its packets go by Python until its next connectivity check. */
void remember(known_t *table, const uint8_t *address, source_t *source)
{
    known_t *first = place(table, address), *chosen = first;
    for (int i = TRIES - 1; i >= 0; i--)
        if (!first[i].source)
            chosen = first + i;
    for (int i = 0; i < TRIES; i++)
        if (first[i].source && !memcmp(first[i].address, address, sizeof first[i].address))
            chosen = first + i;
    memcpy(chosen->address, address, sizeof chosen->address);
    chosen->source = source;
}

void forget(known_t *table, source_t *source)
{
    for (int i = 0; i < PLACES; i++)
        if (table[i].source == source)
            table[i].source = 0;
}

static source_t *find_source(known_t *table, const uint8_t *address)
{
    known_t *first = place(table, address);
    for (int i = 0; i < TRIES; i++)
        if (first[i].source && !memcmp(first[i].address, address, sizeof first[i].address))
            return first[i].source;
    return 0;
}

static int sort(known_t *table, came_t *came, uint8_t *b, void *protect, void *unprotect, int descriptor, uint64_t now)
{
    opened_t *opened = &came->opened;
    source_t *source = find_source(table, came->address);
    int media = opened->length >= HEADER && 127 < b[0] && b[0] < 192 && !(191 < b[1] && b[1] < 224);
    if (source && (!source->left || !source->doubtful)) {
        source->ignored += !source->left;
        return DONE;
    }
    if (!media || !source || !source->context) {
        if (source)
            source->doubtful--;
        return RAW;
    }
    if (open_in_place(unprotect, source->context, b, opened->length, source->meanings, opened)) {
        source->doubtful--;
        return DONE;
    }
    source->left--;
    return fast_path(source, b, opened, protect, descriptor, now) ? DONE : CLEAR;
}

/* Take at most BATCH datagrams into `datagrams`; what became of each stands in `came`. How many there were. */
int take(int descriptor, known_t *table, came_t *came, uint8_t *datagrams, void *protect, void *unprotect)
{
    static struct mmsghdr waiting[BATCH];
    static struct iovec places[BATCH];
    for (int i = 0; i < BATCH; i++) {
        places[i] = (struct iovec){datagrams + i * LARGEST, LARGEST};
        waiting[i].msg_hdr.msg_name = came[i].address;
        waiting[i].msg_hdr.msg_namelen = sizeof came[i].address;
        waiting[i].msg_hdr.msg_iov = &places[i];
        waiting[i].msg_hdr.msg_iovlen = 1;
    }
    int taken = recvmmsg(descriptor, waiting, BATCH, MSG_DONTWAIT, 0);
    uint64_t now = microseconds();
    for (int i = 0; i < taken; i++) {
        came[i].opened.length = waiting[i].msg_len;
        came[i].state = sort(table, &came[i], datagrams + i * LARGEST, protect, unprotect, descriptor, now);
    }
    flush(descriptor);
    return taken;
}
