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
// and computes in nanoseconds, which end in 2262.
var earliest, latest = time.UnixMilli(1), time.UnixMilli(math.MaxInt64 / int64(time.Millisecond))

// rowKey returns the key and the time of the record for a payload: its usid as
// decimal text, and its event_time. It reports a payload that isn't a row.
func rowKey(payload []byte) (key []byte, at time.Time, err error) {
	row, err := wisdm.ParseMessage(payload)
	if err != nil {
		return nil, time.Time{}, err
	}
	if row.Time.Before(earliest) || row.Time.After(latest) {
		return nil, time.Time{}, errors.New("event_time is not between 1970-01-01T00:00:00.001Z and 2262-04-11T23:47:16.854Z, so the Kafka record can't carry it")
	}
	return strconv.AppendInt(nil, int64(row.Subject), 10), row.Time, nil
}
