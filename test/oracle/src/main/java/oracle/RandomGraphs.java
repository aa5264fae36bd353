/* SPDX-License-Identifier: Apache-2.0 */
/* Random networks with goldens: java oracle.RandomGraphs RELEASE FOLDER FIRST LAST [VERTICES]
 * Network i depends on i and VERTICES alone: 10 to so many (60) vertices of all kinds, declared in
 * no order, odd names, one to three inputs. What the release itself cannot compute is passed over. */
package oracle;

import static org.deeplearning4j.nn.conf.ConvolutionMode.Same;
import static org.deeplearning4j.nn.conf.ConvolutionMode.Truncate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;

public final class RandomGraphs {
	private static final String[] ODD = { "v", "conv ", "a/b", "übung", "x.y", "-", "日本", "q'", "1",
		"a b c", "[z]", "%d", "\\", "<>", "relu:" };
	private static final Activation[] ACTIVATIONS = { Activation.IDENTITY, Activation.RELU,
		Activation.TANH, Activation.SIGMOID, Activation.ELU, Activation.LEAKYRELU,
		Activation.SOFTPLUS, Activation.SWISH, Activation.HARDSIGMOID, Activation.SOFTSIGN };

	/** A value of the graph: its kind is the number of its sizes; batches counts stacked ones. */
	private static final class Value {
		final String name;
		final int[] size;
		final int batches;

		Value(String name, int batches, int... size) {
			this.name = name;
			this.batches = batches;
			this.size = size;
		}

		boolean like(Value v) {
			return batches == v.batches && Arrays.equals(size, v.size);
		}
	}

	private interface Step {
		void addTo(GraphBuilder g);
	}

	private final Random random;
	private final List<Value> values = new ArrayList<>();
	private final List<Step> steps = new ArrayList<>();
	private final Map<String, InputType> inputs = new LinkedHashMap<>();
	private final Set<String> leaves = new LinkedHashSet<>();
	private String recurrent;

	private RandomGraphs(long seed) {
		random = new Random(seed);
		random.nextInt();
	}

	private int pick(int least, int most) {
		return least + random.nextInt(most - least + 1);
	}

	private Activation activation() {
		return ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
	}

	private String newName() {
		return ODD[random.nextInt(ODD.length)] + (values.size() + 1);
	}

	private void input() {
		String name = newName();
		int[][] sizes = { { pick(2, 8) }, { pick(2, 5), pick(2, 6) },
			{ pick(1, 4), pick(5, 9), pick(5, 9) } };
		int[] s = sizes[random.nextInt(3)];

		inputs.put(name, s.length == 1 ? InputType.feedForward(s[0])
				: s.length == 2 ? InputType.recurrent(s[0], s[1])
				: InputType.convolutional(s[1], s[2], s[0]));
		if (s.length == 2)
			recurrent = name;
		values.add(new Value(name, 1, s));
	}

	private void vertex(GraphVertex v, int batches, int[] size, Value... from) {
		String name = newName();
		String[] names = Arrays.stream(from).map(f -> f.name).toArray(String[]::new);

		steps.add(g -> g.addVertex(name, v, names));
		added(new Value(name, batches, size), names);
	}

	private void layer(Layer layer, Value from, int... size) {
		String name = newName();

		steps.add(g -> g.addLayer(name, layer, from.name));
		added(new Value(name, from.batches, size), from.name);
	}

	private void added(Value v, String... from) {
		values.add(v);
		leaves.add(v.name);
		leaves.removeAll(List.of(from));
	}

	/** Another value of the same sizes, perhaps the same one. */
	private Value twin(Value v) {
		List<Value> like = new ArrayList<>();

		values.forEach(w -> { if (w.like(v)) like.add(w); });
		return like.get(random.nextInt(like.size()));
	}

	private void grow() {
		Value v = values.get(Math.max(random.nextInt(values.size()), random.nextInt(values.size())));
		int[] s = v.size;
		boolean any = random.nextInt(3) == 0;

		if (any)
			anyKind(v, s);
		else if (s.length == 1)
			row(v, s[0]);
		else if (s.length == 2)
			series(v, s[0], s[1]);
		else
			picture(v, s[0], s[1], s[2]);
	}

	private void anyKind(Value v, int[] s) {
		Value w = twin(v);
		ElementWiseVertex.Op[] ops = ElementWiseVertex.Op.values();

		switch (pick(0, 8)) {
		case 0:
			vertex(new ScaleVertex(random.nextDouble() * 2), v.batches, s, v);
			break;
		case 1:
			vertex(new ShiftVertex(random.nextDouble()), v.batches, s, v);
			break;
		case 2:
			vertex(new L2NormalizeVertex(), v.batches, s, v);
			break;
		case 3:
		case 4:
			vertex(new ElementWiseVertex(ops[random.nextInt(5)]), v.batches, s, v, w);
			break;
		case 5:
			int[] sum = s.clone();
			sum[0] *= 2;
			if (sum[0] <= 12)
				vertex(new MergeVertex(), v.batches, sum, v, w);
			break;
		case 6:
			if (!inputs.containsKey(v.name))	/* it works in place */
				layer(new ActivationLayer.Builder().activation(activation()).build(), v, s);
			break;
		case 7:
			if (!inputs.containsKey(v.name))
				layer(new DropoutLayer.Builder(0.5).build(), v, s);
			break;
		default:
			if (v.batches == 1)
				vertex(new StackVertex(), 2, s, v, w);
			else
				vertex(new UnstackVertex(pick(0, 1), 2), 1, s, v);
		}
	}

	private void row(Value v, int n) {
		int out = pick(2, 8);

		switch (pick(0, 8)) {
		case 0:
		case 1:
		case 2:
			layer(new DenseLayer.Builder().nOut(out).activation(activation())
					.hasBias(random.nextBoolean()).build(), v, out);
			break;
		case 3:
			layer(new BatchNormalization.Builder().build(), v, n);
			break;
		case 4:
			layer(new AutoEncoder.Builder().nOut(out).activation(activation()).build(), v, out);
			break;
		case 5:
			layer(new ElementWiseMultiplicationLayer.Builder().nOut(n).activation(activation())
					.build(), v, n);
			break;
		case 6:
			int from = pick(0, n - 1);
			int to = pick(from, n - 1);
			vertex(new SubsetVertex(from, to), v.batches, new int[] { to - from + 1 }, v);
			break;
		case 7:
			vertex(new L2Vertex(), v.batches, new int[] { 1 }, v, twin(v));
			break;
		default:
			if (n % 2 == 0)
				vertex(new ReshapeVertex(-1, 1, 2, n / 2), v.batches, new int[] { 1, 2, n / 2 }, v);
			else
				layer(new VariationalAutoencoder.Builder().nOut(out).encoderLayerSizes(pick(2, 6))
						.decoderLayerSizes(3).activation(activation()).build(), v, out);
		}
	}

	private void series(Value v, int n, int t) {
		int out = pick(2, 5);

		switch (pick(0, 8)) {
		case 0:
			layer(new LSTM.Builder().nOut(out).activation(Activation.TANH).build(), v, out, t);
			break;
		case 1:
			layer(new GravesLSTM.Builder().nOut(out).activation(Activation.TANH).build(), v, out, t);
			break;
		case 2:
			layer(new SimpleRnn.Builder().nOut(out).activation(Activation.TANH).build(), v, out, t);
			break;
		case 3:
			layer(new Bidirectional(Bidirectional.Mode.CONCAT, new LSTM.Builder().nOut(out)
					.activation(Activation.TANH).build()), v, 2 * out, t);
			break;
		case 4:
			layer(new LastTimeStep(new LSTM.Builder().nOut(out).activation(Activation.TANH)
					.build()), v, out);
			break;
		case 5:
			layer(new GlobalPoolingLayer(PoolingType.AVG), v, n);
			break;
		case 6:
			layer(new RnnLossLayer.Builder().activation(Activation.SOFTMAX).build(), v, n, t);
			break;
		case 7:
			if (recurrent != null && v.batches == 1)
				vertex(new LastTimeStepVertex(recurrent), 1, new int[] { n }, v);
			else
				layer(new GlobalPoolingLayer(PoolingType.MAX), v, n);
			break;
		default:
			if (random.nextBoolean())
				vertex(new ReverseTimeSeriesVertex(), v.batches, new int[] { n, t }, v);
			else
				layer(new SelfAttentionLayer.Builder().nOut(4).nHeads(2).headSize(2)
						.projectInput(true).build(), v, 4, t);
		}
	}

	private void picture(Value v, int c, int h, int w) {
		int out = pick(1, 4);
		int kh = pick(1, 3);
		int kw = pick(1, 3);
		int sh = pick(1, 2);
		int sw = pick(1, 2);
		boolean same = kh > h || kw > w || random.nextBoolean();
		int oh = same ? (h + sh - 1) / sh : (h - kh) / sh + 1;
		int ow = same ? (w + sw - 1) / sw : (w - kw) / sw + 1;

		if (kh < sh || kw < sw)	/* DL4J refuses some of these */
			return;
		switch (pick(0, 9)) {
		case 0:
		case 1:
		case 2:
			layer(new ConvolutionLayer.Builder(kh, kw).stride(sh, sw).nOut(out)
					.convolutionMode(same ? Same : Truncate).activation(activation())
					.hasBias(random.nextBoolean()).build(), v, out, oh, ow);
			break;
		case 3:
			layer(new SeparableConvolution2D.Builder(kh, kw).stride(sh, sw).nOut(out)
					.depthMultiplier(pick(1, 2)).convolutionMode(same ? Same : Truncate)
					.activation(activation()).build(), v, out, oh, ow);
			break;
		case 4:
			layer(new DepthwiseConvolution2D.Builder().kernelSize(kh, kw).stride(sh, sw)
					.depthMultiplier(1).nOut(c).convolutionMode(same ? Same : Truncate)
					.activation(activation()).build(), v, c, oh, ow);
			break;
		case 5:
			layer(new SubsamplingLayer.Builder(random.nextBoolean() ? PoolingType.MAX
					: PoolingType.AVG).kernelSize(kh, kw).stride(sh, sw)
					.convolutionMode(same ? Same : Truncate).build(), v, c, oh, ow);
			break;
		case 6:
			layer(new BatchNormalization.Builder().build(), v, c, h, w);
			break;
		case 7:
			layer(new GlobalPoolingLayer(random.nextBoolean() ? PoolingType.MAX : PoolingType.AVG),
					v, c);
			break;
		case 8:
			if (h < 10 && w < 10)
				layer(new ZeroPaddingLayer(1, 0, 2, 1), v, c, h + 1, w + 3);
			break;
		default:
			layer(new DenseLayer.Builder().nOut(out + 1).activation(activation()).build(), v,
					out + 1);
		}
	}

	private void write(Write out, String name, int most) throws Exception {
		int n = pick(1, 3);
		int size = pick(10, most);

		for (int i = 0; i < n; i++)
			input();
		for (int tries = 0; steps.size() < size && tries < 1000; tries++)
			grow();
		var graph = new NeuralNetConfiguration.Builder().seed(1).activation(Activation.IDENTITY)
				.graphBuilder().addInputs(inputs.keySet())
				.validateOutputLayerConfig(false).allowDisconnected(true);
		List<Step> shuffled = new ArrayList<>(steps);
		Collections.shuffle(shuffled, random);
		for (Step s : shuffled)
			s.addTo(graph);
		graph.setOutputs(leaves.toArray(new String[0]));
		InputType[] types = inputs.values().toArray(new InputType[0]);
		graph.setInputTypes(types);
		ComputationGraph net = new ComputationGraph(graph.build());
		net.init();
		Fill.params(net);
		out.graph(name, net, types, Fill.inputs(types));
	}

	public static void main(String[] args) {
		Write out = new Write(args[0], Path.of(args[1])).quickly();
		int most = args.length > 4 ? Integer.parseInt(args[4]) : 60;

		for (int i = Integer.parseInt(args[2]); i <= Integer.parseInt(args[3]); i++) {
			String name = String.format("random-%02d", i);
			try {
				new RandomGraphs(i).write(out, name, most);
			} catch (Exception | LinkageError e) {
				out.say(name, "left out", e);
				Cut.leaveWorkspaces();
			}
		}
		System.exit(0);
	}
}
