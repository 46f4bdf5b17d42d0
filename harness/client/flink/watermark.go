package flink

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// OnEvent has a table's watermark follow each row of Kafka's. By default it follows the
// clock (WatermarkEmitStrategy.java), and other rows are late at each run.
var OnEvent = Option{Name: "scan.watermark.emit.strategy", Value: "on-event"}

// inputWatermark ends the name of the metric that an operator with an input has, after the
// number of its subtask: MetricNames.IO_CURRENT_INPUT_WATERMARK of Flink.
const inputWatermark = ".currentInputWatermark"

// Watermark returns the least watermark that has come to any part of a job. It isn't known
// as long as one has none, which Flink writes as the least of numbers.
func (c *Client) Watermark(ctx context.Context, id string) (at time.Time, known bool, err error) {
	var job struct{ Vertices []struct{ ID string } }
	if err := c.jobManager.call(ctx, http.MethodGet, jobPath(id), nil, &job); err != nil {
		return at, false, fmt.Errorf("ask for the parts of job %s: %w", id, err)
	}
	least := int64(math.MaxInt64)
	for _, v := range job.Vertices {
		var metrics []struct{ ID, Value string }
		if err := c.jobManager.call(ctx, http.MethodGet, jobPath(id)+"/vertices/"+url.PathEscape(v.ID)+"/watermarks", nil, &metrics); err != nil {
			return at, false, fmt.Errorf("ask for the watermarks of job %s: %w", id, err)
		}
		for _, m := range metrics {
			if n, err := strconv.ParseInt(m.Value, 10, 64); err == nil && strings.HasSuffix(m.ID, inputWatermark) {
				least = min(least, n)
			}
		}
	}
	if least == math.MinInt64 || least == math.MaxInt64 {
		return at, false, nil
	}
	return time.UnixMilli(least), true, nil
}
