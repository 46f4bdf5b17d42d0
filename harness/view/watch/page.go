package watch

import (
	_ "embed"
	"html/template"
	"io"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/verify/hop"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	pageStyle string
	//go:embed page.js
	pageScript string

	page = template.Must(template.New("page").Parse(pageText))
)

// station is a box in the picture: a hop that holds rows, or a program that carries
// them.
type station struct {
	ID, Title, What string
	Carries         bool   // it is a program between two hops
	Follows         string // the hop whose rate a carrier shows
	Of              string
	Parts           []string // components
}

// stations are in the order in which rows pass through them.
var stations = []station{
	{ID: "publisher", Title: "Publisher", What: "sends rows", Carries: true, Follows: hop.MQTT},
	{ID: hop.MQTT, Title: "MQTT", What: "rows received", Parts: component.At(hop.MQTT)},
	{ID: "bridge", Title: "Bridge", What: "carries rows", Carries: true, Follows: hop.Kafka, Parts: component.At("bridge")},
	{ID: hop.Kafka, Title: "Kafka", What: "records", Parts: component.At(hop.Kafka)},
	{ID: hop.Flink, Title: "Flink", What: "rows read", Parts: component.At(hop.Flink)},
	{ID: hop.Elasticsearch, Title: "Elasticsearch", What: "documents", Parts: component.At(hop.Elasticsearch)},
	{ID: "dashboards", Title: "Kibana, Grafana", What: "show the index", Carries: true, Parts: component.At(hop.Kibana, hop.Grafana)},
}

type view struct {
	Run, Nonce string
	Style      template.CSS
	Script     template.JS
	Stations   []station
	Hops       []station
	Lab        template.HTML // a lab's page
	Work       bool
}

func writePage(w io.Writer, c Config, nonce string) error {
	v := view{Run: c.Run, Nonce: nonce, Style: template.CSS(pageStyle), Script: template.JS(pageScript)}
	for _, s := range stations {
		s.Of = c.Names[s.ID]
		v.Stations = append(v.Stations, s)
		if !s.Carries && s.ID != hop.Flink { // it keeps no rows
			v.Hops = append(v.Hops, s)
		}
	}
	if v.Work = c.Work != nil; v.Work {
		var err error
		if v.Lab, err = labPage(c.Page); err != nil {
			return err
		}
	}
	return page.Execute(w, v)
}
