package bridge

import (
	"errors"
	"math"
	"time"
)

// earliest and latest are the times that a record can have. Kafka's own go from
// 1970 on; kafka-go puts the present in place of its very first millisecond
// (record_v2.go), and computes in nanoseconds, which end in 2262.
var earliest, latest = time.UnixMilli(1), time.UnixMilli(math.MaxInt64 / int64(time.Millisecond))

// record returns the key and the time of the record for a payload. It reports a payload
// that Config.Record does, and a time that Kafka can't keep.
func (c Config) record(payload []byte) (key []byte, at time.Time, err error) {
	key, at, err = c.Record(payload)
	if err != nil {
		return nil, time.Time{}, err
	}
	if at.Before(earliest) || at.After(latest) {
		return nil, time.Time{}, errors.New("its time is not between 1970-01-01T00:00:00.001Z and 2262-04-11T23:47:16.854Z, so the Kafka record can't carry it")
	}
	return key, at, nil
}

// plain is Config.Record's default.
func plain([]byte) (key []byte, at time.Time, err error) { return nil, time.Now(), nil }
