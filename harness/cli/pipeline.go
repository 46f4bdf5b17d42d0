package cli

import (
	"fmt"
	"time"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/run"
)

// pipelineOn returns the pipeline's steps on a run, with the component that serves
// MQTT. Its names are the original lab's, or fresh ones where those may be taken.
func pipelineOn(r *run.Run, broker string) pipeline.Pipeline {
	names := pipeline.NewNames("")
	switch {
	case r.Runtime == "attach":
		names = pipeline.NewNames(fmt.Sprintf("%x", time.Now().UnixNano())).Prefixed(r.Prefix)
	case r.Reused:
		names = pipeline.NewNames(time.Now().Format("150405"))
	}
	return pipeline.Pipeline{Sites: r, Names: names, Broker: broker, Access: r.Access, Shared: r.Folder()}
}
