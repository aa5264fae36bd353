/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.ZipFile;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The golden case of a full-size net (README.md, "Large nets"). The case's folder gets the small files,
 * the dump's folder model.zip and every vertex' whole activation.
 */
final class Large {
	static final int BATCH = 2;
	private static final long FLAT_SEED = 299, INPUT_SEED = 71;

	private final Path dir, dump;

	/** How many values of each vertex the case has. */
	private int samples = 48;

	/** What the values of variance 1/fanIn are multiplied by, in convolutions and in dense layers. */
	private double convolutions = 4, dense = 1;

	/** Batch normalization follows sigmoids, whose values have a mean of 0.5 and a small deviation. */
	private boolean afterSigmoid;

	private boolean minified;

	Large(Path dir, Path dump) throws IOException {
		this.dir = dir;
		this.dump = dump;
		Files.createDirectories(dir);
		Files.createDirectories(dump.resolve("in"));
		Files.createDirectories(dump.resolve("out"));
	}

	Large samples(int count) {
		samples = count;
		return this;
	}

	Large gains(double convolutions, double dense) {
		this.convolutions = convolutions;
		this.dense = dense;
		return this;
	}

	Large afterSigmoid(boolean yes) {
		afterSigmoid = yes;
		return this;
	}

	/** Stores configuration.json without the blanks between its words. */
	Large minified() {
		minified = true;
		return this;
	}

	/** Gives the net seeded parameters and writes its case; the input is of shape [BATCH, each...]. */
	void write(Model net, InputType type, long... each) throws IOException {
		List<Recipe.Segment> segments = segments(net);
		INDArray flat = Nd4j.createFromArray(Recipe.fill(FLAT_SEED, segments));
		net.setParams(flat.reshape(net.params().shape()));
		flat.close();
		checkSegments(net, segments);

		File zip = dump.resolve("model.zip").toFile();
		ModelSerializer.writeModel(net, zip, false);
		net = net instanceof ComputationGraph ? ModelSerializer.restoreComputationGraph(zip, false)
			: ModelSerializer.restoreMultiLayerNetwork(zip, false);
		try (ZipFile z = new ZipFile(zip)) {
			String json = new String(z.getInputStream(z.getEntry("configuration.json")).readAllBytes(),
				StandardCharsets.UTF_8);
			write(dir.resolve("configuration.json"), minified ? minify(json) : json);
		}
		StringBuilder recipe = new StringBuilder(String.format("seed %d length %d rank %d%n", FLAT_SEED,
			net.params().length(), net.params().rank()));
		for (Recipe.Segment s : segments)
			recipe.append(s).append('\n');
		write(dir.resolve("flat.txt"), recipe.toString());

		long[] shape = LongStream.concat(LongStream.of(BATCH), LongStream.of(each)).toArray();
		int length = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
		String name = inputName(net);
		float[] values = Recipe.fill(INPUT_SEED, List.of(new Recipe.Segment(0, length, 1, 0)));
		INDArray input = Nd4j.createFromArray(values).reshape('c', shape);
		write(dir.resolve("input.txt"), name + " " + INPUT_SEED + " " + join(shape, " ") + "\n");
		write(dir.resolve("input-types"), join(sizes(type), ",") + "\n");
		Files.write(dump.resolve("in").resolve(fileName(name)), Npy.bytes(input));

		write(dir.resolve("summary.txt"), summary(net));
		Map<String, INDArray> all = activations(net, input);
		try (PrintStream out = new PrintStream(dir.resolve("samples.txt").toFile(), "UTF-8")) {
			for (Map.Entry<String, INDArray> a : all.entrySet())
				sample(a.getKey(), a.getValue(), out);
		}
		INDArray last = all.get(outputName(net));
		checkClose("output()", output(net, input.dup()), last, 1e-6);
		try {
			/* DL4J sums in another order there: a tenth of what the tests allow. */
			checkClose("a batch of one", output(net, firstExample(input)), firstExample(last), 1e-5);
		} catch (RuntimeException e) {
			if (e instanceof Differs)
				throw e;
			System.out.println("DL4J cannot compute a batch of one: " + e);
			Cut.leaveWorkspaces();
		}

		/* Last, since it sets preprocessors and sizes anew. */
		try {
			write(dir.resolve("summary-typed.txt"), summary(net, type));
		} catch (InvalidInputTypeException e) {	/* it knows of no vertex that broadcasts */
			System.out.println("DL4J has no typed summary: " + e.getMessage());
		}
	}

	private static Layer[] layers(Model net) {
		return net instanceof ComputationGraph ? ((ComputationGraph) net).getLayers()
			: ((MultiLayerNetwork) net).getLayers();
	}

	private static String inputName(Model net) {
		return net instanceof ComputationGraph
			? ((ComputationGraph) net).getConfiguration().getNetworkInputs().get(0) : "input";
	}

	/** In the order of --input-type, which is channels, height, width whatever the format. */
	private static long[] sizes(InputType type) {
		if (!(type instanceof InputType.InputTypeConvolutional))
			return type.getShape();
		InputType.InputTypeConvolutional picture = (InputType.InputTypeConvolutional) type;
		return new long[] {picture.getChannels(), picture.getHeight(), picture.getWidth()};
	}

	private static String outputName(Model net) {
		if (net instanceof ComputationGraph)
			return ((ComputationGraph) net).getConfiguration().getNetworkOutputs().get(0);
		List<String> names = ((MultiLayerNetwork) net).getLayerNames();
		return names.get(names.size() - 1);
	}

	private static INDArray output(Model net, INDArray input) {
		return net instanceof ComputationGraph ? ((ComputationGraph) net).outputSingle(input)
			: ((MultiLayerNetwork) net).output(input);
	}

	private static String summary(Model net, InputType... types) {
		if (net instanceof ComputationGraph) {
			ComputationGraph graph = (ComputationGraph) net;
			return types.length == 0 ? graph.summary() : graph.summary(types);	/* no types throw */
		}
		MultiLayerNetwork chain = (MultiLayerNetwork) net;
		return types.length == 0 ? chain.summary() : chain.summary(types[0]);
	}

	/** A layer's share of the flat vector is where its parameters' views lie. */
	private List<Recipe.Segment> segments(Model net) {
		List<Recipe.Segment> all = new ArrayList<>();
		for (Layer layer : layers(net))
			for (String key : layer.paramTable().keySet())
				all.add(segment(layer.paramTable(), key));
		all.sort((a, b) -> Long.compare(a.offset, b.offset));
		return all;
	}

	/** Scales that keep activations of sane magnitude from the picture to the last layer. */
	private Recipe.Segment segment(Map<String, INDArray> layer, String key) {
		INDArray p = layer.get(key);
		double scale, shift = 0;
		switch (key) {
		case "W":
			/* A depthwise kernel [1,c,3,3] sees 9 values, a convolution [n,c,kh,kw] c * kh * kw. */
			long fanIn = p.rank() == 2 ? p.size(0) : p.length() / (p.size(0) == 1 ? p.size(1) : p.size(0));
			scale = Recipe.dyadic(Math.sqrt((p.rank() == 2 ? dense : convolutions) / fanIn));
			break;
		case "RW":
			scale = Recipe.dyadic(Math.sqrt(dense / p.size(0)));
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
			shift = afterSigmoid ? -0.625 : 0;
			break;
		case "mean":
			scale = 0.125;
			shift = afterSigmoid ? 0.5 : 0;
			break;
		case "b": case "beta": case "cL":
			scale = 0.125;
			break;
		default:
			throw new IllegalStateException("no scale for parameter " + key);
		}
		return new Recipe.Segment(p.offset(), p.length(), scale, shift);
	}

	/** The segments cover the vector, and each parameter's values are those of its segment. */
	private void checkSegments(Model net, List<Recipe.Segment> segments) {
		long end = 0;
		for (Recipe.Segment s : segments) {
			check(s.offset == end, "segment at " + s.offset + " after " + end);
			end += s.length;
		}
		check(end == net.params().length(), "segments end at " + end);
		for (Layer layer : layers(net))
			for (Map.Entry<String, INDArray> p : layer.paramTable().entrySet()) {
				Recipe.Segment s = segment(layer.paramTable(), p.getKey());
				float first = (float) (s.shift + s.scale * Recipe.u(FLAT_SEED, s.offset));
				check(p.getValue().getFloat(new int[p.getValue().rank()]) == first, p.getKey());
			}
	}

	private static Map<String, INDArray> activations(Model net, INDArray input) {
		return net instanceof ComputationGraph ? activations((ComputationGraph) net, input)
			: activations((MultiLayerNetwork) net, input);
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
		net.setInput(0, input.dup());	/* preprocessors ask the net for its batch */
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
		all.keySet().removeAll(conf.getNetworkInputs());
		return all;
	}

	private static Map<String, INDArray> activations(MultiLayerNetwork net, INDArray input) {
		LayerWorkspaceMgr none = LayerWorkspaceMgr.noWorkspaces();
		Map<String, INDArray> all = new LinkedHashMap<>();
		INDArray x = input;
		net.setInputMiniBatchSize(BATCH);
		for (int i = 0; i < net.getnLayers(); i++) {
			InputPreProcessor before = net.getLayerWiseConfigurations().getInputPreProcess(i);
			INDArray in = x.dup();
			if (before != null)
				in = before.preProcess(in, BATCH, none);
			x = net.getLayer(i).activate(in, false, none).dup();
			all.put(net.getLayerNames().get(i), x);
			net.getLayer(i).clear();
		}
		return all;
	}

	private void sample(String vertex, INDArray a, PrintStream out) throws IOException {
		float[] x = a.dup('c').data().asFloat();
		check(x.length == a.length(), vertex + ": " + x.length + " values");
		double max = 0, squares = 0;
		for (float v : x) {
			check(Float.isFinite(v), vertex + " is not finite");
			max = Math.max(max, Math.abs(v));
			squares += (double) v * v;
		}
		StringBuilder line = new StringBuilder(vertex).append('\t').append(join(a.shape(), ","))
			.append('\t').append(number(max));

		int each = x.length / BATCH;
		for (int b = 0; b < BATCH; b++) {
			int best = 0;
			for (int i = 1; i < each; i++)
				if (x[b * each + i] > x[b * each + best])
					best = i;
			line.append('\t').append(best).append(':').append(number(x[b * each + best]));
		}
		for (int k = 0; k < samples; k++) {
			/* One position somewhere in each of equal parts. */
			int i = (int) ((k + (Recipe.u(samples, k) + 1) / 2) * x.length / samples);
			line.append(k > 0 ? ' ' : '\t').append(i).append(':').append(number(x[i]));
		}
		out.print(line.append('\n'));
		out.flush();
		System.out.println(vertex + " " + join(a.shape(), ",") + " max " + number(max) + " rms "
			+ number(Math.sqrt(squares / x.length)));
		Files.write(dump.resolve("out").resolve(fileName(vertex)), Npy.bytes(a));
	}

	/** The same JSON without blanks and ends of line outside its strings. */
	static String minify(String json) {
		StringBuilder out = new StringBuilder();
		boolean inside = false;
		for (int i = 0; i < json.length(); i++) {
			char c = json.charAt(i);
			if (c == '"')
				inside = !inside;
			if (inside || c > ' ')
				out.append(c);
			if (c == '\\')
				out.append(json.charAt(++i));
		}
		return out.toString();
	}

	/** Nine digits read back to the same float32. */
	private static String number(double v) {
		return String.format(Locale.ROOT, "%.9g", v);
	}

	private static String join(long[] values, String between) {
		return LongStream.of(values).mapToObj(Long::toString).collect(Collectors.joining(between));
	}

	private static void checkClose(String what, INDArray a, INDArray b, double tolerance) {
		double off = a.sub(b).amaxNumber().doubleValue() / b.amaxNumber().doubleValue();
		System.out.println(what + " is off by " + off + " of the largest value");
		check(off < tolerance, what + " differs");
	}

	private static INDArray firstExample(INDArray a) {
		return a.get(NDArrayIndex.interval(0, 1)).dup('c');
	}

	private static String fileName(String vertex) {
		return vertex.replaceAll("[^A-Za-z0-9_.-]", "_") + ".npy";
	}

	private static void write(Path path, String text) throws IOException {
		Files.write(path, text.getBytes(StandardCharsets.UTF_8));
	}

	private static void check(boolean ok, String what) {
		if (!ok)
			throw new Differs(what);
	}

	private static final class Differs extends IllegalStateException {
		Differs(String what) {
			super(what);
		}
	}
}
