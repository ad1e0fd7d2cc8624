/* What the hot loop in C shares with Python, which reads its declarations here: only numbers, types and names. */
#define BATCH 64
#define LARGEST 2048
#define DEPARTURES 2048
#define CACHE 512
#define PACKET_BYTES 1500
#define STREAMS 32
#define ARRIVALS 1024
#define PLACES 4096

/* When a numbered packet left, in microseconds, and its size. */
typedef struct {
    uint64_t at, size;
} departure_t;

typedef struct {
    uint32_t next, spare;
    departure_t kept[DEPARTURES];
} sent_t;

typedef struct {
    uint32_t payload_type, ssrc, extension;
    uint32_t sequence_offset, timestamp_offset, picture_offset, tl0_offset;
    uint32_t last_sequence, last_timestamp, last_picture, last_tl0;
    uint64_t packets, octets, drops;
    void *context;
    sent_t *sent;
    uint32_t address_length;
    uint8_t address[28];
} copy_t;

typedef struct {
    uint32_t count, spare;
    copy_t **copies;
} fanout_t;

/* A canonical packet kept for repetition, under its full number. */
typedef struct {
    uint64_t number;
    uint32_t size, picture_at, tl0_at, spare;
    uint8_t packet[PACKET_BYTES];
} kept_t;

/* An incoming stream. While `fast`, packet `next` is forwarded without Python, which counts it later. */
typedef struct {
    uint32_t ssrc, payload_type, fast, level, redundant, timestamp;
    uint64_t next, packets, octets, heard;
    fanout_t *fanout, *red_fanout;
    kept_t *cache;
} stream_t;

typedef struct {
    uint64_t at, number;
} arrival_t;

/* Who sends: its keys, what its extensions mean, its streams, and what Python has not counted yet. Of the
   datagrams it is proved to have sent `left` more are taken, and what comes after them is `ignored`; of those that
   anybody may have sent in its name `doubtful` more are looked at. Python allows more. */
typedef struct {
    void *context;
    uint8_t meanings[256];
    uint32_t streams, arrivals, left, ignored, doubtful, spare;
    stream_t *stream[STREAMS];
    arrival_t arrival[ARRIVALS];
    uint64_t heard;
} source_t;

typedef struct {
    uint8_t address[28];
    uint32_t spare;
    source_t *source;
} known_t;

typedef struct {
    int32_t length, payload_at, level, sequence;
} opened_t;

typedef struct {
    uint8_t address[28];
    int32_t state;
    opened_t opened;
} came_t;

void flush(int descriptor);
uint64_t microseconds(void);
void spread(const uint8_t *packet, int size, copy_t **copies, int count, void *protect, int descriptor, int picture_at,
            int tl0_at);
int forward(const uint8_t *packet, int size, copy_t **copies, int count, void *protect, int descriptor, int picture_at,
            int tl0_at);
int open_packet(void *unprotect, void *context, const uint8_t *packet, int length, uint8_t *clear,
                const uint8_t *meanings, opened_t *found);
void remember(known_t *table, const uint8_t *address, source_t *source);
void forget(known_t *table, source_t *source);
int take(int descriptor, known_t *table, came_t *came, uint8_t *datagrams, void *protect, void *unprotect);
