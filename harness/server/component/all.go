package component

// All returns the description of every component, in the order in which rows
// pass them. Which of them there are at which version is a stack's business.
func All() []Component {
	return []Component{
		Mosquitto(), Mochi(), ZooKeeper(), Kafka(), Connect(),
		FlinkJobManager(), FlinkTaskManager(), FlinkGateway(),
		Elasticsearch(), Kibana(), Grafana(), Toxiproxy(),
		Spark(), Superset(),
	}
}
