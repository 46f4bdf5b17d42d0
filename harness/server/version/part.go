package version

import "hoplab.example/harness/server/component"

// of gives the descriptions the part's poms, its versions of Java and its image,
// which is laid out like layout.
func (p Part) of(layout component.Image, described ...component.Component) Part {
	layout.Name = p.Image
	for _, c := range described {
		c.Program.Poms, c.Program.Java, c.Program.Image = p.Poms, p.java, layout
		p.described = append(p.described, c)
		p.Components = append(p.Components, c.Name)
	}
	return p
}

func mosquitto() Part { return mosquittoAs(component.Mosquitto()) }

func mosquittoAs(described component.Component) Part {
	return Part{
		Name: "mosquitto", Version: "2.0.22", Image: "eclipse-mosquitto:2.0.22",
		Why: "the image's version; the local runtime takes the distribution's package",
	}.of(component.Image{User: "1883:1883", Executable: "/usr/sbin/mosquitto"}, described)
}

func mochi() Part {
	return Part{
		Name: "mochi", Version: "2.7.9", Why: "built into hoplab, for machines without mosquitto",
	}.of(component.Image{}, component.Mochi())
}

// kafkaLayout is that of Apache's image.
var kafkaLayout = component.Image{User: "1000:1000", JavaHome: "/opt/java/openjdk", Artefacts: []string{"/opt/kafka/libs"}}

func kafka4() Part { return kafka4As(component.Kafka()) }

func kafka4As(described component.Component) Part {
	return Part{
		Name: "kafka", Version: "4.1.2", Image: "apache/kafka:4.1.2", Poms: []string{"kafka"}, java: kafkaJava,
		Why: "KRaft: Kafka 4 keeps its metadata itself",
	}.of(kafkaLayout, described)
}

// connect is a worker with the Camel connector, which Apache's image lacks.
func connect(version, pom, why string) Part {
	return Part{
		Name: "connect", Version: version, Image: "apache/kafka:" + version, Poms: []string{pom, "connect-camel-mqtt"}, java: kafkaJava,
		Jars: []string{"camel-kafka-connector:0.11.0", "camel-paho:3.11.1"}, Why: why,
	}.of(component.Image{
		User: "1000:1000", JavaHome: "/opt/java/openjdk", Extra: []string{"connect-camel-mqtt"},
		Artefacts: []string{"/opt/kafka/libs", "/opt/hoplab/plugins/connect-camel-mqtt"},
	}, component.Connect())
}

// flink is the same in all stacks. The image lacks the SQL Gateway on its class
// path and the connectors: its own jars are left aside for those of the pom,
// which are the same release.
func flink(why string) Part {
	return Part{
		Name: "flink", Version: "1.20.3", Image: "flink:1.20.3-java17", Poms: []string{"flink"}, java: flinkJava,
		Jars: []string{"flink-sql-connector-kafka:3.2.0-1.19", "flink-sql-connector-elasticsearch7:3.0.1-1.17"}, Why: why,
	}.of(component.Image{
		User: "9999:9999", JavaHome: "/opt/java/openjdk", Extra: []string{"flink"}, Artefacts: []string{"/opt/hoplab/flink"},
	}, component.FlinkJobManager(), component.FlinkTaskManager(), component.FlinkGateway())
}

func elasticsearch(version, pom, why string, described component.Component) Part {
	return Part{
		Name: "elasticsearch", Version: version, Image: "elasticsearch:" + version, Poms: []string{pom}, java: elasticsearchJava(version), Why: why,
	}.of(component.Image{
		User: "1000:0", JavaHome: "/usr/share/elasticsearch/jdk", Artefacts: []string{"/usr/share/elasticsearch"},
	}, described)
}

// esproxy is what Flink writes to Elasticsearch 8 through.
func esproxy() Part {
	return Part{
		Name: "esproxy", Version: "1", Why: "built into hoplab; it asks Elasticsearch 8 for replies as 7 gave them",
	}.of(component.Image{}, component.ESProxy())
}

// throughProxy has the tasks of Flink need the proxy, since they write to it.
func throughProxy(p Part) Part {
	for i := range p.described {
		if p.described[i].Name == "flink-taskmanager" {
			p.described[i].Peers = append(p.described[i].Peers, "esproxy")
		}
	}
	return p
}

func kibana(version, why string) Part {
	return Part{Name: "kibana", Version: version, Image: "kibana:" + version, Why: why}.
		of(component.Image{User: "1000:0", Executable: "/usr/share/kibana/bin/kibana"}, component.Kibana())
}

func grafana(why string) Part {
	return Part{Name: "grafana", Version: "12.3.1", Image: "grafana/grafana:12.3.1", Why: why}.
		of(component.Image{User: "472:0", Executable: "/usr/share/grafana/bin/grafana"}, component.Grafana())
}
