package version

import (
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/layout"
)

// of gives the descriptions the part's poms or packages, its versions of Java and its image.
func (p Part) of(image component.Image, described ...component.Component) Part {
	p.Image = image.Name
	for _, c := range described {
		c.Program.Poms, c.Program.Python, c.Program.Java, c.Program.Image = p.Poms, p.Packages, p.java, image
		p.described = append(p.described, c)
		p.Components = append(p.Components, c.Name)
	}
	return p
}

// mosquittoImage is also what the built-in servers run in: it is small, and in every
// stack.
func mosquittoImage() component.Image { return layout.Of("mosquitto").Image("2.0.22") }

func mosquitto() Part { return mosquittoAs(component.Mosquitto()) }

func mosquittoAs(described component.Component) Part {
	return Part{
		Name: "mosquitto", Version: "2.0.22", Why: "the image's version; the local runtime takes the distribution's package",
	}.of(mosquittoImage(), described)
}

func mochi() Part {
	return Part{
		Name: "mochi", Version: "2.7.9", Why: "built into hoplab, for machines without mosquitto",
	}.of(mosquittoImage(), component.Mochi())
}

func kafka4() Part { return kafka4As("4.1.2", "kafka", component.Kafka()) }

func kafka4As(version, pom string, described ...component.Component) Part {
	return Part{
		Name: "kafka", Version: version, Poms: []string{pom}, java: kafkaJava,
		Why: "KRaft: Kafka 4 keeps its metadata itself",
	}.of(layout.Of("kafka").Image(version), described...)
}

// pluginsDir is where containers have what their images lack.
const pluginsDir = "/opt/hoplab/plugins/"

// lacking is an image that lacks what a pom names.
func lacking(image component.Image, pom string) component.Image {
	image.Extra = []string{pom}
	image.Artefacts = append(image.Artefacts, pluginsDir+pom)
	return image
}

// connect is a worker with the Camel connector, which Apache's image lacks.
func connect(version, pom, why string) Part {
	return Part{
		Name: "connect", Version: version, Poms: []string{pom, "connect-camel-mqtt"}, java: kafkaJava,
		Jars: []string{"camel-kafka-connector:0.11.0", "camel-paho:3.11.1"}, Why: why,
	}.of(lacking(layout.Of("kafka").Image(version), "connect-camel-mqtt"), component.Connect())
}

func flink1(why string) Part { return flink1As(why, flinkComponents()...) }

func flink1As(why string, described ...component.Component) Part {
	return flink("1.20.3", "flink", "3.2.0-1.19", why, described...)
}

func flink2(why string, described ...component.Component) Part {
	return flink("2.2.1", "flink-2", "5.0.0-2.2", why, described...)
}

func flinkComponents() []component.Component {
	return []component.Component{component.FlinkJobManager(), component.FlinkTaskManager(), component.FlinkGateway()}
}

// flink: the image has the SQL Gateway, though not among its libs, and lacks the
// connectors.
func flink(version, pom, toKafka, why string, described ...component.Component) Part {
	image := lacking(layout.Of("flink").Image(version+"-java17"), pom+"-connectors")
	image.Artefacts = append(image.Artefacts, "/opt/flink/opt/flink-sql-gateway-"+version+".jar")
	return Part{
		Name: "flink", Version: version, Poms: []string{pom, pom + "-connectors"}, java: flinkJava(version),
		Jars: []string{"flink-sql-connector-kafka:" + toKafka, "flink-sql-connector-elasticsearch7:3.0.1-1.17"}, Why: why,
	}.of(image, described...)
}

func elasticsearch(version, pom, why string, described ...component.Component) Part {
	return Part{
		Name: "elasticsearch", Version: version, Poms: []string{pom}, java: elasticsearchJava(version), Why: why,
	}.of(layout.Of("elasticsearch").Image(version), described...)
}

func kibana(version, why string) Part {
	return Part{Name: "kibana", Version: version, Why: why}.of(layout.Of("kibana").Image(version), component.Kibana())
}

func grafana(why string) Part {
	return Part{Name: "grafana", Version: "12.3.1", Why: why}.of(layout.Of("grafana").Image("12.3.1"), component.Grafana())
}

// superset and spark are optional, and run as processes only: an image of either would
// need a folder of files that Flink's image writes to.
func superset() Part {
	return Part{
		Name: "superset", Version: "6.1.0", Packages: "superset",
		Why: "optional ('lab run --with superset'): charts of SQL over two tables",
	}.of(component.Image{}, component.Superset())
}

func spark() Part {
	return Part{
		Name: "spark", Version: "3.5.6", Packages: "spark", java: sparkJava,
		Why: "optional, for superset: SQL over files by HiveServer2's protocol, which Impala speaks too",
	}.of(component.Image{}, component.Spark())
}
