/** Every bound of the analysis, with its unit and what happens when it is reached. */

/** Bytes read from a source at once, and the usual size of the block that readers scan. */
export const BLOCK_BYTES: number = 1 << 20;

/** The same when more than MANY_SOURCES are read together, so that memory stays bounded. */
export const SMALL_BLOCK_BYTES: number = 1 << 17;
export const MANY_SOURCES = 8;

/** Bytes of all files below which no scanning thread is started: it would be ready when all is read. */
export const MIN_SCANNED_BYTES: number = 64 << 20;

/** Scanning threads at once, whatever the number of cores: the one analysis uses no more than these give. */
export const MAX_SCAN_THREADS = 4;

/** Records, and their bytes, that a scanning thread hands over at once. A longer record has a batch of its own. */
export const BATCH_RECORDS = 4096;
export const BATCH_BYTES: number = 1 << 19;

/** The same when more than MANY_SOURCES are read together. */
export const SMALL_BATCH_RECORDS = 512;
export const SMALL_BATCH_BYTES: number = 1 << 16;

/** Batches of one source that a scanning thread may be ahead, and sources that each is given before their time comes. At the bound it waits. */
export const BATCHES_AHEAD = 4;
export const SOURCES_AHEAD = 4;

/** Bytes of one record or pcapng block that are buffered at most. A longer record ends the source with a problem; a longer pcapng block that is not a packet is skipped by its length. */
export const MAX_RECORD_BYTES: number = 16 << 20;

/** Capture lengths that libpcap and Wireshark believe for nearly every link type, in bytes. A longer pcap record means a damaged file. */
export const MAX_PACKET_BYTES = 262_144;

/** Bytes that a compressed source may always expand to, and how many times its own size beyond that. More is taken for a bomb: the source ends with a problem. */
export const FREE_DECOMPRESSED_BYTES: number = 512 << 20;
export const MAX_EXPANSION = 100;

/** Bytes of history that a zstd frame may ask for; zstd's levels up to 20 ask for less. A frame that asks for more ends the source with a problem. */
export const MAX_ZSTD_WINDOW_BYTES: number = 32 << 20;

/** Platform packets of pipes, live sessions and compressed files that stay readable: bytes and number. Older ones are "no longer held". */
export const MAX_KEPT_PACKET_BYTES: number = 16 << 20;
export const MAX_KEPT_PACKETS: number = 1 << 17;

/** The same for an extract, which is made of them: then memory comes before the packets that a user asked for. */
export const MAX_EXTRACT_PACKET_BYTES: number = 512 << 20;
export const MAX_EXTRACT_PACKETS: number = 1 << 22;

/** Clock jumps of one source that are kept with their place; further ones are only counted. */
export const MAX_CLOCK_JUMPS = 100;

/** Interfaces of one source that are told apart. Packets of further ones are read, counted as a problem, and not analysed. */
export const MAX_INTERFACES = 4096;

/** Bytes of an interface's name that are kept; a longer one is cut. */
export const MAX_INTERFACE_NAME_BYTES = 256;

/** Kinds of problems kept for one source; each is counted without bound. */
export const MAX_PROBLEM_KINDS = 64;

/** Platform addresses at once: given, default and learned. Further ones are not learned, and a problem says so. */
export const MAX_PLATFORM_ADDRESSES = 16;

/** Bytes of one text from a packet that are shown. Longer text is cut at a character and ends with an ellipsis. */
export const MAX_TEXT_BYTES = 8192;

/** Compression pointers followed in one DNS name: a name of 255 bytes has no more labels. One more is taken for a loop, and ends the message with a problem. */
export const MAX_DNS_POINTERS = 127;

/** Bytes of all different texts (names, request targets, hosts) that the services keep. Further new ones are shown as an ellipsis. */
export const MAX_POOLED_BYTES: number = 64 << 20;

/** Bytes of one such text. Longer ones are cut and end with an ellipsis. */
export const MAX_POOLED_TEXT_BYTES = 2048;

/** Bytes of one DNS answer that are kept; records after them are not shown. */
export const MAX_KEPT_RANGE_BYTES = 4096;

/** Bytes of all DNS answers that are kept. Of further ones only the header's facts are kept: answers are then empty. */
export const MAX_DNS_ANSWER_BYTES: number = 128 << 20;

/** DNS transactions that one analysis keeps. Of a file further ones are counted, not kept. */
export const MAX_DNS_TRANSACTIONS: number = 1 << 22;

/** The same in a live session, where the oldest are forgotten. */
export const MAX_LIVE_DNS_TRANSACTIONS: number = 1 << 16;

/** Further queries of all DNS transactions that are kept with their packets. Over it they are only counted. */
export const MAX_DNS_RETRIES: number = 1 << 20;

/** DNS queries that are waited for at once. Over it the oldest counts as unanswered, whatever comes. */
export const MAX_OUTSTANDING_QUERIES = 65_536;

/** DNS answers that fit no query and are kept as such. Further ones are only transactions. */
export const MAX_DNS_MISMATCHES = 1000;

/** DHCP exchanges that are kept. Further ones are counted, not kept. */
export const MAX_DHCP_EXCHANGES = 10_000;

/** Messages of one DHCP exchange that are kept. Of further ones only what they say of the lease is. */
export const MAX_DHCP_MESSAGES = 100;

/** Health probes with TLS that are looked into at once. Of further ones only the connection is judged. */
export const MAX_TLS_PROBES = 4096;

/** Finished probes of one endpoint that are kept after their flows were let go of; at twice as many the oldest are forgotten. */
export const MAX_FINISHED_PROBES = 10_000;

/** Changes between up and down of one endpoint that are kept after their probes were let go of. Older ones are forgotten. */
export const MAX_PROBE_TRANSITIONS = 1000;

/** Endpoints of the VM that are told apart as probed. Probes of further ones are flows, and no series. */
export const MAX_PROBED_ENDPOINTS: number = 1 << 14;

/** Packets that are named as evidence of one probe. */
export const MAX_PROBE_PACKETS = 32;

/** HTTP exchanges that one analysis keeps. Of a file further ones are counted, not kept. */
export const MAX_HTTP_EXCHANGES: number = 1 << 22;

/** The same in a live session, where the oldest are forgotten. */
export const MAX_LIVE_HTTP_EXCHANGES: number = 1 << 16;

/** Requests of one HTTP connection that wait for their answers at once. Over it the oldest counts as unanswered. */
export const MAX_PIPELINED_REQUESTS = 256;

/** Health reports of the agent whose text is kept. Of further ones only the request is kept. */
export const MAX_HEALTH_REPORTS = 1000;

/** VLAN tags, and MPLS labels, of one frame that are followed. A frame with more is malformed. */
export const MAX_LINK_TAGS = 8;

/** Extension headers of one IPv6 packet that are followed. A packet with more is malformed. */
export const MAX_IPV6_EXTENSION_HEADERS = 16;

/** Flows kept at once. At the bound a flow that never had an answer gives way, the oldest first; without one, new flows are counted and not kept. */
export const MAX_FLOWS: number = 1 << 20;

/** Flows kept at once by a live session. At the bound finished and unanswered flows are told to the listener and released. */
export const MAX_LIVE_FLOWS: number = 1 << 16;

/** Platform packets whose place is kept, so that evidence can name them. Further ones are analysed and counted, but not named. */
export const MAX_PACKETS: number = 1 << 23;

/** The same for a live session, which forgets the oldest. */
export const MAX_LIVE_PACKETS: number = 1 << 18;

/** ICMP errors about platform packets that are kept. Further ones count for their flows alone. */
export const MAX_ICMP_ERRORS = 65_536;

/** TCP segments that wait for an acknowledgment, of all flows. Further ones give no round-trip sample. */
export const MAX_OUTSTANDING_SEGMENTS: number = 1 << 20;

/** The same for one direction of one flow. Further segments are counted as one with the last. */
export const MAX_OUTSTANDING_OF_FLOW = 256;

/** Round-trip samples kept for the median of one flow; more are thinned out evenly. */
export const MAX_ROUND_TRIP_SAMPLES = 64;

/** Bytes of one HTTP head, from its first line to its empty line. A longer head is malformed, and the rest of its stream is not read as HTTP. */
export const MAX_HTTP_HEAD_BYTES = 65_536;

/** Header lines of one HTTP head that are kept. Further ones are passed over, and a problem says so. */
export const MAX_HTTP_HEADERS = 256;

/** Bytes of a chunk's size line with its extensions, and of a chunked body's trailer lines together. A longer one ends the body's tracking with a problem. */
export const MAX_CHUNK_LINE_BYTES = 16_384;

/** Bytes of a body's content that are kept to be looked into. What follows is counted and not kept. */
export const MAX_BODY_PREFIX_BYTES = 16_384;

/** Stretches of all TCP connections that were acknowledged and are not captured so far, for a moment. With one more, the oldest counts as lost. */
export const MAX_PENDING_HOLES = 64;

/** TCP segments, of all flows, that wait for a moment because they acknowledge what was not captured so far. With one more, the first waits no longer. */
export const MAX_EARLY_SEGMENTS = 64;

/** Bytes (with a fixed share for each segment) held for one direction of a TCP stream while earlier ones are missing. Then what is missing is given up as a gap. */
export const MAX_STREAM_BYTES: number = 1 << 20;

/** Stretches between holes held for one direction of a TCP stream. With one more, the first hole is given up. */
export const MAX_STREAM_STRETCHES = 1024;

/** Bytes held for all streams. With more, what the stream with the oldest hole holds is let go, and becomes part of its gap. */
export const MAX_STREAMS_BYTES: number = 64 << 20;

/** Bytes held for HTTP heads, beginnings of bodies and DNS messages that come in several pieces, of all connections. With more, the message that needs them is not read. */
export const MAX_PIECES_BYTES: number = 64 << 20;

/** Fragmented datagrams that are put together at once. One more, and the oldest is let go. */
export const MAX_FRAGMENTED_DATAGRAMS = 256;

/** Fragments of one datagram. With one more it is let go, and its later fragments are ignored. */
export const MAX_DATAGRAM_FRAGMENTS = 256;

/** Bytes of fragments held for all datagrams. One more, and the oldest datagram is let go. */
export const MAX_FRAGMENTS_BYTES: number = 8 << 20;

/** NICs that are told apart. Packets of further ones count for none. */
export const MAX_NICS = 255;

/** VM addresses kept for one NIC. Further ones are not listed. */
export const MAX_NIC_ADDRESSES = 64;

/** Interfaces by which one NIC was seen that are kept. Further ones are not listed. */
export const MAX_NIC_INTERFACES = 64;

/** Hardware addresses learned from ARP, and protocol addresses learned for each. Further ones are ignored. */
export const MAX_ARP_OWNERS = 256;

/** Pairs of flows told as one connection before and after address translation. Further ones are not paired. */
export const MAX_TRANSLATED_FLOWS: number = 1 << 16;

/** Hardware addresses, and TTLs, of the platform's packets that are told apart; further ones are left out. */
export const MAX_SIGNS = 64;

/** Packets kept as examples of one such kind, of duplicates, of truncated packets. */
export const MAX_SIGN_EXAMPLES = 8;

/** Packets kept that show a hole in the capture; further ones are in their flows' counters. */
export const MAX_LOST_SEGMENT_PACKETS = 256;

/** First fragments whose flow is remembered for the fragments after them. */
export const MAX_FIRST_FRAGMENTS = 64;

/** Bytes of one TLS hello that are kept to be decoded. A longer one is decoded up to there, and a problem says so. */
export const MAX_TLS_HELLO_BYTES = 16_384;

/** TLS alerts of one direction that are kept. Further ones are passed over. */
export const MAX_TLS_ALERTS = 8;

/** Types of TLS handshake messages of one direction that are kept. Further ones are passed over. */
export const MAX_TLS_HANDSHAKE_TYPES = 32;

/** Cases that one rule tells one by one. Further ones are told together as its last. */
export const MAX_FINDINGS_OF_RULE = 20;

/** Packets that one anomaly names as evidence, and its display filter selects. Further ones are counted by the anomaly alone. */
export const MAX_EVIDENCE_PACKETS = 1_000;

/** Bytes of memory that the kernel may hold packets in for one capture child while it is busy. More packets are dropped by the kernel, and counted where the backend can tell. */
export const LIVE_BUFFER_BYTES: number = 512 << 20;

/** Share of the machine's memory that the kernel's buffers of all children may be. */
export const LIVE_BUFFER_SHARE: number = 1 / 8;

/** Bytes of one NIC that wait for the analyser. With more, the child waits too, and the report tells of a gap: what the kernel cannot keep meanwhile is lost. */
export const MAX_HELD_CAPTURE_BYTES: number = 64 << 20;

/** Bytes of one packet that a live capture keeps: all that an IP packet can be, with its link header. */
export const LIVE_SNAP_BYTES = 65_550;

/** Lines of a capture child's standard error that are kept for messages. */
export const MAX_CHILD_LINES = 20;

/** Gaps of one live source that are kept. Of further ones only the latest is. */
export const MAX_LIVE_GAPS = 1000;

/** Warnings of a live session that are kept for whoever looks later; all are told when they happen. */
export const MAX_SESSION_WARNINGS = 100;

/** Bytes of a recording that wait for the disk. With more, the recording ends with a warning. */
export const MAX_UNWRITTEN_BYTES: number = 32 << 20;

/**
 * Milliseconds after which a live session lets go of flows (without a packet for so long), transactions, probes and packets. Counts stay in the services'
 * answers, and anomalies in the report. Memory follows the traffic of so much time, not the time of the session.
 */
export const LIVE_AGE_MS = 1_800_000;

/** What stays in a live session whatever its age, so that what came last before a silence can still be seen: so many of the latest. */
export const LIVE_LEAST_PACKETS = 4096;
export const LIVE_LEAST_TRANSACTIONS = 4096;
/** Of each service. */
export const LIVE_LEAST_FLOWS = 256;
/** Of each endpoint. */
export const LIVE_LEAST_PROBES = 100;

/** Anomalies of a live session whose evidence was let go that stay in the report. With more, the oldest are forgotten. */
export const MAX_PAST_ANOMALIES = 1000;

/** Flow and transaction events told at one look of a live session. More are counted in a warning. */
export const MAX_EVENTS_AT_ONCE = 5000;

/** Bytes of a JSON report that `diff` takes. A longer one is refused. */
export const MAX_REPORT_BYTES = 256_000_000;

/** Bytes of a program's output, or of a file of the system, that a connectivity test takes. A program that says more is ended, and the test is not available. */
export const MAX_COMMAND_OUTPUT_BYTES: number = 8 << 20;

/** Bytes of an HTTP answer's body that a connectivity test takes. What follows is not read. */
export const MAX_CHECK_BODY_BYTES: number = 1 << 16;

/** Rules of one packet filter that a connectivity test follows for one packet. With more, the test says that the filter may drop it. */
export const MAX_FOLLOWED_RULES = 100_000;

/** Terms of one filter of the screen. A filter with more is refused with a sentence. */
export const MAX_FILTER_TERMS = 32;

/** Packets of one flow that the screen lists. Further ones are counted. */
export const MAX_LADDER_PACKETS = 2000;

/** Flows that an anomaly names on the screen. Its filter finds all of them. */
export const MAX_SHOWN_FLOWS = 1000;

/** DNS transactions, and HTTP exchanges, that the screen lists for one flow. */
export const MAX_FLOW_TRANSACTIONS = 500;

/** Lines about one packet's layers. Further ones are counted. */
export const MAX_LAYER_LINES = 1000;

/** Tests by hand that a report lists, and connections of one of them that are named. Further ones are left out; such tests come in handfuls. */
export const MAX_MANUAL_TESTS = 100;
export const MAX_MANUAL_TEST_FLOWS = 100;

/** Rows of one table of an HTML report. Of more, those out of the ordinary come first, and the page says how many it leaves out. */
export const MAX_PAGE_ROWS = 50_000;

/** Characters of one cell of an HTML report. A longer text is cut, and ends with an ellipsis. */
export const MAX_PAGE_CELL_CHARACTERS = 600;

/** Anomalies that an HTML report tells, and flows that it draws as ladders. Further ones are counted. */
export const MAX_PAGE_ANOMALIES = 200;
export const MAX_PAGE_LADDERS = 40;

/** Connections without a word, and requests of programs for people, that are looked at for that. Further ones belong to a monitor, and are not looked at. */
export const MAX_MANUAL_ATTEMPTS = 10_000;

/** Pages of the screen that may lie over each other. With one more the lowest is forgotten. */
export const MAX_OPEN_PAGES = 16;

/** Flows that an anomaly's page lists, each to be opened. Further ones are counted. */
export const MAX_LISTED_FLOWS = 50;

/** Flows that a probe series' page lists, the latest ones. */
export const MAX_LISTED_SERIES_FLOWS = 200;

/** Messages of one flow that its page shows decoded. Further ones are counted. */
export const MAX_SHOWN_MESSAGES = 100;

/** Characters of one piece of a line that the screen looks at: more than the widest screen shows. */
export const MAX_PIECE_LENGTH = 4096;

/** Characters that the screen's prompt takes. Further ones are not taken. */
export const MAX_PROMPT_LENGTH = 400;

/** Evidence packets that an anomaly's page quotes. Further ones are counted. */
export const MAX_QUOTED_PACKETS = 500;

/** Rows of a table that one search for the next fault goes through. */
export const MAX_SEARCHED_ROWS = 50_000;

/** Rows of a table that one answer to the screen holds. */
export const MAX_WINDOW_ROWS = 10_000;

/** Kinds of tunnels, by source and header length, that are told to hold the platform's traffic. Further ones are not told. */
export const MAX_TUNNEL_KINDS = 32;
