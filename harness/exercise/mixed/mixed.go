// Package mixed makes a stream that isn't clean, as streams are after some months: rows of
// publishers of two versions, with messages among them that hold no row.
//
// Phones still have the old publisher. That of the watches calls the field action activity,
// and has a new field, unit. A broken message is made of the row before it: text that is
// cut off, text of another kind, JSON that is no object, a value that is no number, a field
// that is missing or null.
//
// Beside the rows, a lab may have a topic of the names of activities, which change.
package mixed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
)

// updated is the device whose publisher is the new one.
const updated = "watch"

// Units are the values of the field unit, by sensor.
var Units = map[string]string{"accel": "m/s2", "gyro": "rad/s"}

// Messages calls write with each message of a stream of rows, and for each broken one, of
// which there are so many per 100 rows, with broken set.
func Messages(input wisdm.Input, percent int, write func(r wisdm.Row, message []byte, broken bool) error) error {
	source, err := input.Open()
	if err != nil {
		return err
	}
	source = wisdm.Placed(source, wisdm.DefaultBase)
	for n := 1; ; n++ {
		row, err := source.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		message := version(row)
		if err := write(row, message, false); err != nil {
			return err
		}
		if n*percent/100 > (n-1)*percent/100 {
			if err := write(row, spoiled(message, n*percent/100), true); err != nil {
				return err
			}
		}
	}
}

// version is a row as the publisher of its device writes it.
func version(r wisdm.Row) []byte {
	message := wisdm.AppendMessage(nil, r)
	if r.Device != updated {
		return message
	}
	message = bytes.Replace(message, []byte(`"action":`), []byte(`"activity":`), 1)
	return fmt.Appendf(message[:len(message)-1], `,"unit":%q}`, Units[r.Sensor])
}

var (
	xField = regexp.MustCompile(`"x":[^,]*`)
	// absent are fields that a broken message lacks, one after another.
	absent = []*regexp.Regexp{
		regexp.MustCompile(`"usid":[^,]*,`), regexp.MustCompile(`,"event_time":[^,}]*`), regexp.MustCompile(`"(action|activity)":[^,]*,`),
		regexp.MustCompile(`"sensor":[^,]*,`), regexp.MustCompile(`"ts":[^,]*,`), regexp.MustCompile(`"seq":[^,]*,`), regexp.MustCompile(`"device":[^,]*,`),
	}
	// null are those that are null.
	null = []*regexp.Regexp{regexp.MustCompile(`"(z)":[^,]*`), regexp.MustCompile(`"(y)":[^,]*`)}
)

// spoiled is the nth broken message, made of a right one.
func spoiled(message []byte, n int) []byte {
	switch n % 6 {
	case 0:
		return message[:len(message)*2/3]
	case 1:
		return fmt.Appendf(nil, "sensor offline, try %d", n)
	case 2:
		return xField.ReplaceAll(message, []byte(`"x":"n/a"`))
	case 3:
		return absent[n/6%len(absent)].ReplaceAll(message, nil)
	case 4:
		return fmt.Appendf(nil, "[%d,%s]", n, message)
	default:
		return null[n/6%len(null)].ReplaceAll(message, []byte(`"$1":null`))
	}
}

// Fill brings a lab's rows into the run's topic: by hoplab's own publisher and bridge, or,
// where the lab has broken messages, as such a stream, straight into Kafka. Where a clean
// topic makes no progress for stall, rows are missing, which is an error. The topics that
// the lab has beside that one are there then, too.
func Fill(ctx context.Context, p pipeline.Pipeline, l lab.Lab, input wisdm.Input, stall time.Duration) error {
	topics, err := l.OwnTopics(p.Names.Topic)
	switch {
	case err != nil:
	case l.Broken == 0:
		err = p.FillTopic(ctx, input, l.Rows, stall)
	default:
		err = fillMixed(ctx, p, l, input)
	}
	if err != nil {
		return err
	}
	if err := p.CreateTopics(ctx, topics, 1); err != nil || !l.Names {
		return err
	}
	return fillNames(ctx, p, input)
}

func fillMixed(ctx context.Context, p pipeline.Pipeline, l lab.Lab, input wisdm.Input) error {
	if err := bridge.CreateTopic(ctx, p.BridgeConfig()); err != nil {
		return err
	}
	var all []kafka.Message
	err := Messages(input, l.Broken, func(r wisdm.Row, message []byte, _ bool) error {
		all = append(all, kafka.Message{Key: fmt.Append(nil, r.Subject), Value: message, Time: r.Time})
		return nil
	})
	if err != nil {
		return err
	}
	return p.KafkaProbe().Write(ctx, all...)
}
