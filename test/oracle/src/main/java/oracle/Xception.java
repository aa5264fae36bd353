/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipFile;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Goldens of a full-size Xception: RELEASE CASE_DIR DUMP_DIR [zoo].
 *
 * The net is CASE_DIR/configuration.json, or with `zoo` the one of this DL4J's own model zoo, with seeded
 * parameters. CASE_DIR gets the small files (README.md, "Large nets"), DUMP_DIR model.zip and every
 * vertex' whole activation.
 */
public final class Xception {
	private static final long FLAT_SEED = 299, INPUT_SEED = 71;
	private static final int BATCH = 2, SIDE = 299, SAMPLES = 48;

	private Xception() {
	}

	public static void main(String[] args) throws IOException {
		Path dir = Paths.get(args[1]), dump = Paths.get(args[2]);
		Files.createDirectories(dir);
		Files.createDirectories(dump.resolve("in"));
		Files.createDirectories(dump.resolve("out"));

		ComputationGraph net = args.length > 3 ? zoo() : new ComputationGraph(
			ComputationGraphConfiguration.fromJson(text(dir.resolve("configuration.json"))));
		if (args.length == 3)
			net.init();
		List<Recipe.Segment> segments = segments(net);
		INDArray flat = Nd4j.createFromArray(Recipe.fill(FLAT_SEED, segments));
		net.setParams(flat.reshape(net.params().shape()));
		checkSegments(net, segments);

		File zip = dump.resolve("model.zip").toFile();
		ModelSerializer.writeModel(net, zip, false);
		net = ModelSerializer.restoreComputationGraph(zip, false);
		try (ZipFile z = new ZipFile(zip)) {
			write(dir.resolve("configuration.json"), new String(
				z.getInputStream(z.getEntry("configuration.json")).readAllBytes(), StandardCharsets.UTF_8));
		}
		StringBuilder recipe = new StringBuilder(String.format("seed %d length %d rank %d%n", FLAT_SEED,
			net.params().length(), net.params().rank()));
		for (Recipe.Segment s : segments)
			recipe.append(s).append('\n');
		write(dir.resolve("flat.txt"), recipe.toString());

		boolean nhwc = isNhwc(net);
		long[] shape = nhwc ? new long[] {BATCH, SIDE, SIDE, 3} : new long[] {BATCH, 3, SIDE, SIDE};
		String name = net.getConfiguration().getNetworkInputs().get(0);
		int length = BATCH * SIDE * SIDE * 3;
		float[] values = Recipe.fill(INPUT_SEED, List.of(new Recipe.Segment(0, length, 1, 0)));
		INDArray input = Nd4j.createFromArray(values).reshape('c', shape);
		write(dir.resolve("input.txt"), String.format("%s %d %d %d %d %d%n", name, INPUT_SEED,
			shape[0], shape[1], shape[2], shape[3]));
		write(dir.resolve("input-types"), "3," + SIDE + "," + SIDE + "\n");
		Files.write(dump.resolve("in").resolve(fileName(name)), Npy.bytes(input));

		write(dir.resolve("summary.txt"), net.summary());
		Map<String, INDArray> all = activations(net, input);
		all.remove(name);
		try (PrintStream samples = new PrintStream(dir.resolve("samples.txt").toFile(), "UTF-8")) {
			for (Map.Entry<String, INDArray> a : all.entrySet())
				sample(a.getKey(), a.getValue(), samples, dump);
		}
		INDArray last = all.get(net.getConfiguration().getNetworkOutputs().get(0));
		checkClose("output()", net.outputSingle(input), last);
		checkClose("a batch of one", net.outputSingle(firstExample(input)), firstExample(last));

		/* Last, since it sets preprocessors and sizes anew. */
		write(dir.resolve("summary-typed.txt"), net.summary(InputType.convolutional(SIDE, SIDE, 3,
			nhwc ? CNN2DFormat.NHWC : CNN2DFormat.NCHW)));
	}

	private static ComputationGraph zoo() {
		return org.deeplearning4j.zoo.model.Xception.builder().numClasses(1000)
			.inputShape(new int[] {3, SIDE, SIDE}).build().init();
	}

	private static boolean isNhwc(ComputationGraph net) {
		LayerVertex first = (LayerVertex) net.getConfiguration().getVertices().get("block1_conv1");
		return ((ConvolutionLayer) first.getLayerConf().getLayer()).getCnn2dDataFormat() == CNN2DFormat.NHWC;
	}

	/** A layer's share of the flat vector is where its parameters' views lie. */
	private static List<Recipe.Segment> segments(ComputationGraph net) {
		List<Recipe.Segment> all = new ArrayList<>();
		for (Layer layer : net.getLayers())
			for (String key : layer.paramTable().keySet())
				all.add(segment(layer.paramTable(), key));
		all.sort((a, b) -> Long.compare(a.offset, b.offset));
		return all;
	}

	/** Scales that keep activations of sane magnitude from the picture to the last layer. */
	private static Recipe.Segment segment(Map<String, INDArray> layer, String key) {
		/* M2.1's zoo leaves its convolutions the default activation, a sigmoid, and stores log10stdev. */
		boolean afterSigmoid = layer.containsKey("log10stdev");
		INDArray p = layer.get(key);
		double scale, shift = 0;
		switch (key) {
		case "W":
			/* A depthwise kernel [1,c,3,3] sees 9 values, a convolution [n,c,kh,kw] c * kh * kw. */
			long fanIn = p.rank() == 2 ? p.size(0) : p.length() / (p.size(0) == 1 ? p.size(1) : p.size(0));
			scale = Recipe.dyadic(Math.sqrt((p.rank() == 2 ? 1.0 : 4.0) / fanIn));
			break;
		case "pW":
			scale = Recipe.dyadic(Math.sqrt(2.0 / p.size(1)));
			break;
		case "gamma":
			scale = 0.25;
			shift = 1;
			break;
		case "var":
			scale = 0.5;
			shift = 1;
			break;
		case "log10stdev":
			scale = 0.125;
			shift = -0.625;
			break;
		case "mean":
			scale = 0.125;
			shift = afterSigmoid ? 0.5 : 0;
			break;
		case "b": case "beta":
			scale = 0.125;
			break;
		default:
			throw new IllegalStateException("no scale for parameter " + key);
		}
		return new Recipe.Segment(p.offset(), p.length(), scale, shift);
	}

	/** The segments cover the vector, and each parameter's values are those of its segment. */
	private static void checkSegments(ComputationGraph net, List<Recipe.Segment> segments) {
		long end = 0;
		for (Recipe.Segment s : segments) {
			check(s.offset == end, "segment at " + s.offset + " after " + end);
			end += s.length;
		}
		check(end == net.params().length(), "segments end at " + end);
		for (Layer layer : net.getLayers())
			for (Map.Entry<String, INDArray> p : layer.paramTable().entrySet()) {
				Recipe.Segment s = segment(layer.paramTable(), p.getKey());
				float first = (float) (s.shift + s.scale * Recipe.u(FLAT_SEED, s.offset));
				check(p.getValue().getFloat(new int[p.getValue().rank()]) == first, p.getKey());
			}
	}

	/**
	 * Every vertex' own forward pass, each on copies of its inputs. What feedForward() and output() give for
	 * several vertices has partly been overwritten by a later ActivationLayer; for one vertex inside a
	 * residual block output() throws, since the workspace of the shortcut is still open.
	 */
	private static Map<String, INDArray> activations(ComputationGraph net, INDArray input) {
		ComputationGraphConfiguration conf = net.getConfiguration();
		LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
		Map<String, INDArray> all = new LinkedHashMap<>();
		for (int index : net.topologicalSortOrder()) {
			GraphVertex vertex = net.getVertices()[index];
			String name = vertex.getVertexName();
			if (vertex.isInputVertex()) {
				all.put(name, input);
				continue;
			}
			List<String> from = conf.getVertexInputs().get(name);
			for (int i = 0; i < from.size(); i++)
				vertex.setInput(i, all.get(from.get(i)).dup(), none);
			all.put(name, vertex.doForward(false, none).dup());
			vertex.clear();
		}
		return all;
	}

	private static void sample(String vertex, INDArray a, PrintStream out, Path dump) throws IOException {
		float[] x = a.dup('c').data().asFloat();
		check(x.length == a.length(), vertex + ": " + x.length + " values");
		double max = 0;
		for (float v : x) {
			check(Float.isFinite(v), vertex + " is not finite");
			max = Math.max(max, Math.abs(v));
		}
		StringBuilder line = new StringBuilder(vertex).append('\t');
		for (int i = 0; i < a.rank(); i++)
			line.append(i > 0 ? "," : "").append(a.size(i));
		line.append('\t').append(number(max));

		int each = x.length / BATCH;
		for (int b = 0; b < BATCH; b++) {
			int best = 0;
			for (int i = 1; i < each; i++)
				if (x[b * each + i] > x[b * each + best])
					best = i;
			line.append('\t').append(best).append(':').append(number(x[b * each + best]));
		}
		for (int k = 0; k < SAMPLES; k++) {
			/* One position somewhere in each of equal parts. */
			int i = (int) ((k + (Recipe.u(SAMPLES, k) + 1) / 2) * x.length / SAMPLES);
			line.append(k > 0 ? ' ' : '\t').append(i).append(':').append(number(x[i]));
		}
		out.print(line.append('\n'));
		out.flush();
		System.out.println(vertex + " " + number(max));
		Files.write(dump.resolve("out").resolve(fileName(vertex)), Npy.bytes(a));
	}

	/** Nine digits read back to the same float32. */
	private static String number(double v) {
		return String.format(Locale.ROOT, "%.9g", v);
	}

	private static void checkClose(String what, INDArray a, INDArray b) {
		double off = a.sub(b).amaxNumber().doubleValue() / b.amaxNumber().doubleValue();
		System.out.println(what + " is off by " + off + " of the largest value");
		check(off < 1e-6, what + " differs");
	}

	private static INDArray firstExample(INDArray a) {
		return a.get(NDArrayIndex.interval(0, 1)).dup('c');
	}

	private static String fileName(String vertex) {
		return vertex.replaceAll("[^A-Za-z0-9_.-]", "_") + ".npy";
	}

	private static String text(Path path) throws IOException {
		return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
	}

	private static void write(Path path, String text) throws IOException {
		Files.write(path, text.getBytes(StandardCharsets.UTF_8));
	}

	private static void check(boolean ok, String what) {
		if (!ok)
			throw new IllegalStateException(what);
	}
}
