# A cluster of your own, in Python.
from cdk8s import Duration, Size
from cdk8s_redis_cluster import (
    RedisCluster,
    RedisClusterApp,
    RedisClusterChart,
    RedisConfig,
    RedisStorage,
)

app = RedisClusterApp()

RedisClusterChart(
    app,
    "sessions",
    name="sessions",
    namespace="data",
    image="redis:7.0",
    storage=RedisStorage.persistent_volume_claim(
        size=Size.gibibytes(10), storage_class_name="fast"
    ),
    resources=RedisCluster.DOCUMENTED_RESOURCES,
    config=RedisConfig.documented_tuning(cluster_node_timeout=Duration.seconds(10)),
)

app.synth()
