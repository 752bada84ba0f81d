// Coherence's gRPC proxy asks grpc-java for a server by port alone, which listens on every address of the host.
// This provider outranks the usual one (priority 5) and listens on the loopback address only, so that a test
// server is never reachable from outside. META-INF/services announces it.

import io.grpc.InsecureServerCredentials;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.ServerProvider;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;

public final class LoopbackServerProvider extends ServerProvider {
    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 10;
    }

    @Override
    protected ServerBuilder<?> builderForPort(int port) {
        return builder(port, InsecureServerCredentials.create());
    }

    // Throws for credentials Netty cannot use: answering with an error would pass the port on to the provider
    // that listens everywhere.
    @Override
    protected NewServerBuilderResult newServerBuilderForPort(int port, ServerCredentials credentials) {
        return NewServerBuilderResult.serverBuilder(builder(port, credentials));
    }

    private static ServerBuilder<?> builder(int port, ServerCredentials credentials) {
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port), credentials);
    }
}
