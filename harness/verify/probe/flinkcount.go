package probe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// FlinkCount counts the rows that a running job's source has read, by the
// metric numRecordsOut of its source operator. After a restart of the job it
// starts again from 0. jobManager is the REST address, host:port.
func FlinkCount(jobManager string, login access.Login, job string) Counter {
	at := rest{dial.Server{Component: "flink-jobmanager", Addr: jobManager, Login: login}}
	return func(ctx context.Context) (int64, error) {
		var plan struct{ Vertices []struct{ ID, Name string } }
		if err := at.getJSON(ctx, "/jobs/"+job, &plan); err != nil {
			return 0, err
		}
		for _, v := range plan.Vertices {
			if strings.HasPrefix(v.Name, "Source") {
				return at.sourceCount(ctx, "/jobs/"+job+"/vertices/"+v.ID+"/subtasks/metrics")
			}
		}
		return 0, fmt.Errorf("job %s has no source", job)
	}
}

// rest is Flink's REST interface.
type rest struct{ dial.Server }

func (r rest) sourceCount(ctx context.Context, path string) (int64, error) {
	var names []struct{ ID string }
	if err := r.getJSON(ctx, path, &names); err != nil {
		return 0, err
	}
	for _, metric := range names {
		if strings.HasPrefix(metric.ID, "Source") && strings.HasSuffix(metric.ID, ".numRecordsOut") {
			var values []struct{ Sum float64 }
			err := r.getJSON(ctx, path+"?agg=sum&get="+url.QueryEscape(metric.ID), &values)
			if err == nil && len(values) == 1 {
				return int64(values[0].Sum), nil
			}
			return 0, err
		}
	}
	return 0, nil // a job that has just begun has no metrics yet
}

func (r rest) getJSON(ctx context.Context, path string, v any) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	return r.Ask(ctx, http.MethodGet, path, nil, v)
}
