package tool

// Java runs the servers that Maven fetches. Package jdk finds it.
var Java = Tool{
	Name: "java", Why: "run Kafka, Kafka Connect, Flink and Elasticsearch",
	Debian: "apt-get install openjdk-17-jre-headless (Debian 13, Ubuntu: openjdk-21-jre-headless)",
	Fedora: "dnf install java-21-openjdk-headless",
	MacOS:  "brew install openjdk@17",
}

// Python runs students' scripts and Superset. Package python finds it.
var Python = Tool{
	Name: "python3", Why: "run the labs' scripts, with Python 3.10 to 3.14, and Superset, with 3.10 to 3.12", Optional: "labs in Python and 'lab run --with superset' can't be had",
	Debian: "apt-get install python3 python3-venv (Debian 12, Ubuntu 24.04)",
	Fedora: "dnf install python3.12",
	MacOS:  "brew install python@3.12",
}

// Maven is called when a server isn't in the cache yet.
var Maven = Tool{
	Name: "mvn", Why: "fetch Kafka, Kafka Connect, Flink and Elasticsearch, once",
	Debian: "apt-get install maven",
	Fedora: "dnf install maven",
	MacOS:  "brew install maven",
}

// Mosquitto is the MQTT broker of the lab.
var Mosquitto = Tool{
	Name: "mosquitto", Why: "be the MQTT broker", Optional: "the built-in broker (mochi) takes its place",
	Debian: "apt-get install mosquitto",
	Fedora: "dnf install mosquitto",
	MacOS:  "brew install mosquitto",
}

// Mmdebstrap makes the base of container images.
var Mmdebstrap = Tool{
	Name: "mmdebstrap", Why: "make container images where none can be pulled (lab dev images build)",
	Optional: "images have to be pulled, or the servers run as processes",
	Debian:   "apt-get install mmdebstrap",
	Fedora:   "dnf install mmdebstrap",
	MacOS:    "not available: build the images on a Debian machine, then copy them with docker save and docker load",
}

// Bash runs Elasticsearch's start script.
var Bash = Tool{
	Name: "bash", Why: "start Elasticsearch",
	Debian: "apt-get install bash",
	Fedora: "dnf install bash",
	MacOS:  "brew install bash",
}

// Go builds hoplab's own program for containers, where ours can't run in one.
var Go = Tool{
	Name: "go", Why: "build hoplab's own program for containers",
	Debian: "apt-get install golang",
	Fedora: "dnf install golang",
	MacOS:  "brew install go",
}
