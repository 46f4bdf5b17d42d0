// Package bench measures hoplab's parts, most of them against something that
// does the same: the bridge against a subscriber that throws everything away and
// against Kafka Connect, the exporter against Flink's sink, the publisher against
// mosquitto_pub, the reader against wc, the boot side by side against its CPU time
// on all cores. Both sides of a figure are measured in turn, in one run, so that
// their ratio holds where the machine is noisy.
//
// The files: figure.go and series.go (what was measured), report.go and
// report.schema.json (all of it as JSON), table.go, markdown.go and plot.go (for
// people), judge.go and judgetable.go (two reports side by side). The other files
// have a part each.
package bench

// Options say how much is measured.
type Options struct {
	Rows int64 // of each side of a run
	Runs int
	// Short asks for no more than shows that a part works.
	Short bool
	// Say, if any, is called with progress messages.
	Say func(format string, args ...any)
}

func (o Options) say(format string, args ...any) {
	if o.Say != nil {
		o.Say(format, args...)
	}
}
