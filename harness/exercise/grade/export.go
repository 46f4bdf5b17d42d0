package grade

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// writers are the kinds that start a job which writes the index.
var writers = []string{"export", "first-half"}

func init() {
	register(lab.Kind{Name: "template", Doc: "Elasticsearch takes the index template, which maps each field with the right type"}, checkTemplate)
	register(lab.Kind{Name: "export", Doc: "the student's job reads every row from Kafka"}, checkExport)
	register(lab.Kind{Name: "elasticsearch-count", Needs: writers, Doc: "the index has as many documents as rows were published"}, checkElasticCount)
	register(lab.Kind{Name: "elasticsearch", Needs: writers, Doc: "each document holds its row, under an id of its own"}, checkElastic)
	register(lab.Kind{Name: "rerun", Needs: []string{"export"}, Doc: "the job runs again over the same rows, and no document is duplicated"}, checkRerun)
}

// checkTemplate puts the student's template, and asks what the mapping of an
// index would be.
func checkTemplate(ctx context.Context, a *attempt, _ lab.Check) verdict {
	if err := a.student.PutTemplate(ctx); err != nil {
		return failed(err)
	}
	types, err := a.ours.ElasticClient().TemplateTypes(ctx, a.ours.Names.Index)
	if err != nil {
		return broken(err)
	}
	var wrong []string
	for _, field := range slices.Sorted(maps.Keys(probe.MappingTypes)) {
		if want := probe.MappingTypes[field]; types[field] != want {
			wrong = append(wrong, fmt.Sprintf("field %s would be %s", field, mapped(field, types[field], want, a.oracle.Rows())))
		}
	}
	if len(wrong) > 0 {
		return failed(fmt.Errorf("%s", strings.Join(wrong, "\n")))
	}
	return passed()
}

// mapped says what a wrong mapping does to a field, not which one is right.
func mapped(field, kind, want string, rows []wisdm.Row) string {
	damage := damaged(field, kind, rows)
	switch {
	case kind == "":
		return "left out of the mapping"
	case damage != "":
		return fmt.Sprintf("mapped as %s: for searches and sums it %s", kind, damage)
	case want == "date":
		return fmt.Sprintf("mapped as %s: no chart over time can be made of it", kind)
	case kind == "text":
		return "mapped as text: it is taken apart into words, and can't be grouped by"
	}
	return fmt.Sprintf("mapped as %s, which doesn't suit its values", kind)
}

// checkExport starts the student's job on rows that are in Kafka, and waits until
// it has read them.
func checkExport(ctx context.Context, a *attempt, _ lab.Check) verdict {
	if err := a.ours.NeedSink(ctx); err != nil {
		return broken(err)
	}
	if err := a.fill(ctx); err != nil {
		return broken(err)
	}
	return a.export(ctx)
}

func (a *attempt) export(ctx context.Context) verdict {
	job, err := a.student.StartExport(ctx)
	if err != nil {
		return failed(err)
	}
	a.job = job
	if err := a.hasRead(ctx, a.oracle.Count()); err != nil {
		return failed(err)
	}
	return passed()
}

func checkElasticCount(ctx context.Context, a *attempt, _ lab.Check) verdict {
	elastic, err := a.ours.ElasticProbe()
	if err != nil {
		return broken(err)
	}
	return a.hasWritten(ctx, elastic.Count, a.oracle.Count())
}

func checkElastic(ctx context.Context, a *attempt, _ lab.Check) verdict {
	elastic, err := a.ours.ElasticProbe()
	if err != nil {
		return broken(err)
	}
	return a.blameJob(ctx, judged(elastic.Check(ctx, a.oracle)))
}

// checkRerun runs the job again over the same rows: no document may come twice.
func checkRerun(ctx context.Context, a *attempt, c lab.Check) verdict {
	if err := a.ours.Flink().Cancel(ctx, a.job); err != nil {
		return broken(err)
	}
	if v := a.export(ctx); v.outcome != hop.Passed {
		return v
	}
	return checkElastic(ctx, a, c)
}
