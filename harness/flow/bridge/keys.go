package bridge

import (
	"errors"
	"math"
	"strconv"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// earliest and latest are the times that a record can have. Kafka's own go from
// 1970 on; kafka-go puts the present in the place of its very first millisecond,
// and reckons in nanoseconds, which end in 2262.
var earliest, latest = time.UnixMilli(1), time.UnixMilli(math.MaxInt64 / int64(time.Millisecond))

// rowKey returns the key and the time of the record for a payload: its usid as
// decimal text, and its event_time. It reports a payload that is no row.
//
// Every message passes here, so rows as hoplab writes them aren't decoded: a
// scan of their known layout finds the two. It accepts nothing that
// wisdm.ParseMessage wouldn't, and whatever it doesn't know goes there.
func rowKey(payload []byte) (key []byte, at time.Time, err error) {
	key, at, ok := scanRow(payload)
	if !ok {
		row, err := wisdm.ParseMessage(payload)
		if err != nil {
			return nil, time.Time{}, err
		}
		key, at = strconv.AppendInt(nil, int64(row.Subject), 10), row.Time
	}
	if at.Before(earliest) || at.After(latest) {
		return nil, time.Time{}, errors.New("event_time is not between 1970-01-01T00:00:00.001Z and 2262-04-11T23:47:16.854Z, so the Kafka record can't carry it")
	}
	return key, at, nil
}

// scanRow reads the layout of wisdm.AppendMessage. The key shares payload's
// memory.
func scanRow(payload []byte) (key []byte, at time.Time, ok bool) {
	s := scanner{rest: payload}
	s.literal(`{"usid":`)
	key = s.integer()
	s.literal(`,"action":`)
	s.text()
	s.literal(`,"ts":`)
	s.integer()
	for _, name := range [...]string{`,"x":`, `,"y":`, `,"z":`} {
		s.literal(name)
		s.number()
	}
	s.literal(`,"device":`)
	s.text()
	s.literal(`,"sensor":`)
	s.text()
	s.literal(`,"seq":`)
	s.integer()
	s.literal(`,"event_time":`)
	at = s.time()
	s.literal(`}`)
	return key, at, !s.failed && len(s.rest) == 0
}
